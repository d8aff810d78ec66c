import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { CallableModels, CallableProfile } from '#core/permissions/callable-models.ts';
import { UNSPECIFIED_REGION } from '#core/permissions/model-authorizations.ts';
import { servedModels } from '#core/permissions/served-models.ts';
import { dedicatedArns } from './dedicated-arns.ts';
import { sizedStatements } from './sized-statements.ts';

/** Converse is authorised as the first, ConverseStream as the second. */
const invokeActions = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

const PROFILE_KEY = 'bedrock:InferenceProfileArn';

export interface InvokeStatementsOptions {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  /** The account whose models are called. */
  readonly account: string;
}

/** All that a caller in or from another account needs to call an account's models, and no more. */
export function invokeStatements(options: InvokeStatementsOptions): readonly PolicyStatement[] {
  const { config, facts, account } = options;
  const callable = servedModels(config, facts, account);
  return [
    ...plainStatements(callable.plain),
    ...profileStatements(callable.profiles, account),
    ...countStatements(callable, facts),
    ...dedicatedStatements(config, account),
  ];
}

/** A plain call carries no profile; with one, the statements below decide. */
function plainStatements(plain: CallableModels['plain']): readonly PolicyStatement[] {
  return sizedStatements({
    sid: 'CallPlainModels',
    actions: invokeActions,
    resources: plain.map(({ modelId, region }) => modelArn(modelId, region)),
    conditions: { Null: { [PROFILE_KEY]: 'true' } },
  });
}

function profileStatements(
  profiles: readonly CallableProfile[],
  account: string,
): readonly PolicyStatement[] {
  const resources = profiles.flatMap((profile) => profileArns(profile, account));
  return [
    ...sizedStatements({ sid: 'CallProfiles', actions: invokeActions, resources }),
    ...profiles.flatMap((profile) => destinationStatements(profile, account)),
  ];
}

/** The models that a profile may run, and only on behalf of that profile as called from these sources. */
function destinationStatements(profile: CallableProfile, account: string): readonly PolicyStatement[] {
  const { modelId, modelRegions, sources, global } = profile;
  const onBehalf = { [PROFILE_KEY]: profileArns(profile, account) };
  const requested = { 'aws:RequestedRegion': [...sources, UNSPECIFIED_REGION] };
  return sizedStatements({
    actions: invokeActions,
    resources: [...modelRegions, ...(global ? [''] : [])].map((region) => modelArn(modelId, region)),
    conditions: { StringEquals: global ? { ...onBehalf, ...requested } : onBehalf },
  });
}

/** Counting has an action of its own and names models, never profiles: in the region that is called. */
function countStatements(
  { plain, profiles }: CallableModels,
  facts: CompiledFacts,
): readonly PolicyStatement[] {
  const called = profiles.flatMap(({ modelId, sources }) => sources.map((region) => ({ modelId, region })));
  const chats = [...plain, ...called].filter(
    ({ modelId }) => facts.capabilitiesOf(modelId).capabilities.output?.includes('EMBEDDING') !== true,
  );
  const arns = chats.map(({ modelId, region }) => modelArn(modelId, region));
  return sizedStatements({
    sid: 'CountTokens',
    actions: ['bedrock:CountTokens'],
    resources: [...new Set(arns)].sort(),
  });
}

function dedicatedStatements(config: SpillwayConfig, account: string): readonly PolicyStatement[] {
  const resources = dedicatedArns(config, { account });
  return sizedStatements({
    sid: 'CallDedicated',
    actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
    resources,
  });
}

function profileArns(profile: CallableProfile, account: string): string[] {
  return profile.sources.map(
    (source) => `arn:aws:bedrock:${source}:${account}:inference-profile/${profile.profileId}`,
  );
}

function modelArn(modelId: string, region: string): string {
  return `arn:aws:bedrock:${region}::foundation-model/${modelId}`;
}
