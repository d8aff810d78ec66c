import { quotaPoolOf, type Target, targetId } from '#core/target.ts';

/** A plain in-region Bedrock target of account 111111111111, changed where the test cares. */
export function aTarget(changes: Partial<Target> = {}): Target {
  const { account = '111111111111', region = 'us-east-1', modelId = 'amazon.nova-lite-v1:0' } = changes;
  const { scope = 'in-region', profileId, endpoint, component } = changes;
  return {
    id: targetId({ account, region, modelId, profileId, endpoint, component }),
    account,
    region,
    kind: endpoint === undefined ? 'bedrock' : 'sagemaker',
    scope,
    modelId,
    position: 0,
    reach: [region],
    state: endpoint === undefined ? 'available' : 'warm',
    lifecycle: 'ACTIVE',
    contextTokensMax: 300_000,
    outputTokensMax: 10_000,
    capabilities: { input: ['TEXT', 'IMAGE'], output: ['TEXT'], streaming: true, tools: true },
    pricing: { inputMicroUsdPerMillionTokens: 60_000, outputMicroUsdPerMillionTokens: 240_000 },
    quotaPool: quotaPoolOf({ account, region, modelId, scope }),
    ...changes,
  };
}

/** A dedicated endpoint that is warm. */
export function aDedicatedTarget(changes: Partial<Target> = {}): Target {
  return aTarget({
    endpoint: 'chat-small',
    modelId: 'chat-small',
    scope: 'dedicated',
    pricing: null,
    ...changes,
  });
}
