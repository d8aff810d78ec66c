/** What nobody may ask of models. */
import type { CallFacts } from '#test/builders/call-uses.ts';
import { modelCalls } from '#test/builders/platform-calls.ts';
import {
  access,
  discoverHome,
  frankfurt,
  plan,
  type RefusedCall,
  refuse,
  us,
} from '#test/builders/refusal.ts';

const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const nova = 'amazon.nova-lite-v1:0';
const modelIn = (region: string, id = sonnet) => `arn:aws:bedrock:${region}::foundation-model/${id}`;
const profileIn = (region: string, account: string, id: string) =>
  `arn:aws:bedrock:${region}:${account}:inference-profile/${id}`;
const onBehalf = (profile: string) => ({ 'bedrock:InferenceProfileArn': profile });
const invoke = (resource: string, context?: CallFacts['context']): CallFacts => ({
  action: 'bedrock:InvokeModel',
  resource,
  ...(context === undefined ? {} : { context }),
});
const euProfile = profileIn('eu-central-1', '222222222222', `eu.${sonnet}`);

export const refusedOnModels: readonly RefusedCall[] = [
  ...[frankfurt, access('222222222222')].flatMap((role) => [
    refuse(
      'a model that nobody configured',
      role,
      invoke(modelIn('eu-central-1', 'meta.llama3-70b-instruct-v1:0')),
    ),
    refuse('a region that the account does not serve', role, invoke(modelIn('us-east-1', nova))),
    refuse(
      'a destination that the profile does not have',
      role,
      invoke(modelIn('us-east-1'), onBehalf(euProfile)),
    ),
    refuse(
      'a model behind another model’s profile',
      role,
      invoke(modelIn('eu-central-1', nova), onBehalf(euProfile)),
    ),
    refuse(
      'a destination on behalf of another account’s profile',
      role,
      invoke(modelIn('eu-north-1'), onBehalf(profileIn('eu-central-1', '111111111111', `eu.${sonnet}`))),
    ),
    refuse(
      'a destination without a profile, where the account serves nothing',
      role,
      invoke(modelIn('eu-south-1')),
    ),
    refuse('another account’s profile', role, invoke(profileIn('us-east-1', '111111111111', `us.${sonnet}`))),
    refuse(
      'an American profile in Europe',
      role,
      invoke(profileIn('eu-central-1', '222222222222', `us.${sonnet}`)),
    ),
    refuse('an application’s profile', role, {
      action: 'bedrock:InvokeModel',
      resource: 'arn:aws:bedrock:eu-central-1:222222222222:application-inference-profile/abcdefghijkl',
    }),
    refuse('counting where nothing is called', role, {
      action: 'bedrock:CountTokens',
      resource: modelIn('us-east-1', nova),
    }),
    refuse('a guardrail that nobody configured', role, {
      action: 'bedrock:ApplyGuardrail',
      resource: 'arn:aws:bedrock:eu-central-1:222222222222:guardrail/abcdefghijkl',
    }),
    refuse('a key that lives on without IAM', role, { action: 'bedrock:CallWithBearerToken', resource: '*' }),
    refuse('another door to the same models', role, {
      action: 'bedrock-mantle:CallWithBearerToken',
      resource: '*',
    }),
    refuse('prompts kept by a provider', role, { action: 'bedrock:PutAccountDataRetention', resource: '*' }),
    refuse('prompts logged', role, {
      action: 'bedrock:PutModelInvocationLoggingConfiguration',
      resource: '*',
    }),
    refuse('an endpoint that nobody configured', role, {
      action: 'sagemaker:InvokeEndpoint',
      resource: 'arn:aws:sagemaker:eu-central-1:222222222222:endpoint/other',
    }),
  ]),
  ...[plan, discoverHome].map((role) =>
    refuse('a model called by who calls none', role, invoke(modelIn('us-east-1', nova))),
  ),
  refuse('an endpoint of another account', frankfurt, {
    action: 'sagemaker:InvokeEndpoint',
    resource: 'arn:aws:sagemaker:us-east-1:111111111111:endpoint/chat-small',
  }),
  refuse('an endpoint deleted by a gateway', us, {
    action: 'sagemaker:DeleteEndpoint',
    resource: 'arn:aws:sagemaker:us-east-1:111111111111:endpoint/chat-small',
  }),
];

/** Refused as soon as no residency is without bounds: everything that a global profile asks for beyond what a plain call does. */
export const refusedWhereBounded: readonly RefusedCall[] = [frankfurt, access('222222222222')].flatMap(
  (role) =>
    modelCalls({
      account: '222222222222',
      region: 'eu-central-1',
      modelId: sonnet,
      profileId: `global.${sonnet}`,
      reach: ['*'],
    }).map((call) => refuse('a prompt sent anywhere, under a residency with bounds', role, call)),
);
