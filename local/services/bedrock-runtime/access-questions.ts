import type { AccessQuestion } from '../../iam/access-question.ts';
import type { CallContext } from '../../service.ts';
import { bareId, modelArn, parseBedrockArn, profileArn } from '../../world/arn.ts';
import type { World } from '../../world/world.ts';

const actions: Readonly<Record<string, string>> = {
  Converse: 'bedrock:InvokeModel',
  InvokeModel: 'bedrock:InvokeModel',
  ConverseStream: 'bedrock:InvokeModelWithResponseStream',
  CountTokens: 'bedrock:CountTokens',
};

/** Of a destination that is everywhere, IAM says no region. */
const regionOfEverywhere = 'unspecified';

/**
 * What a call to a model asks IAM: a profile asks for itself, and then for its model in each of its destinations, where it
 * says by which profile it comes.
 */
export function accessQuestions(
  world: World,
  input: Readonly<Record<string, unknown>>,
  { operation, account, region }: CallContext,
): readonly AccessQuestion[] | undefined {
  const action = actions[operation];
  if (action === undefined) return undefined;
  const identifier = String(input.modelId ?? '');
  const id = bareId(identifier);
  const isModelArn = parseBedrockArn(identifier)?.type === 'foundation-model';
  const profile = isModelArn ? undefined : world.profiles.state(account, region, id);
  if (profile === undefined) return [{ action, resource: modelArn(region, id), account }];
  const resource = profileArn(region, account, id);
  const destinations = profile.modelArns.map((arn) => ({
    action,
    resource: arn,
    account,
    context: {
      'bedrock:InferenceProfileArn': resource,
      'aws:RequestedRegion': parseBedrockArn(arn)?.region || regionOfEverywhere,
    },
  }));
  return [{ action, resource, account }, ...destinations];
}
