/** Routes and observations for tests of stores and plans. */
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import type { Route } from '#core/plan/route.ts';
import { type Target, targetId } from '#core/target.ts';
import { bedrockTarget } from '#test/builders/model-call.ts';
import { sealRoute } from '#usecases/plan/seal-route.ts';

const account = '111111111111';
const lite = 'amazon.nova-lite-v1:0';

/** A plain Bedrock target of a region. */
export function plainTarget(region: string, overrides: Partial<Target> = {}): Target {
  const modelId = overrides.modelId ?? lite;
  return bedrockTarget({
    id: targetId({ account, region, modelId, profileId: overrides.profileId }),
    region,
    reach: [region],
    quotaPool: `${account}/${region}/${modelId}/on-demand`,
    ...overrides,
  });
}

export function sealedRoute(version: number, overrides: Partial<Route> = {}): Route {
  const draft = {
    model: 'chat',
    residency: 'us',
    schema: 1,
    targets: [plainTarget('us-east-1'), plainTarget('us-west-2')],
    baseline: [plainTarget('us-east-1')],
    dropped: 0,
    reason: `version ${version}`,
    ...overrides,
  };
  return sealRoute(draft, {
    version,
    at: Date.UTC(2026, 7, 21) + version * 60_000,
    digest: cryptoDigest,
  });
}

export function plainObservation(region: string, overrides: Partial<Observation> = {}): Observation {
  const modelId = overrides.modelId ?? lite;
  return {
    id: targetId({ account, region, modelId, profileId: overrides.profileId }),
    account,
    region,
    kind: 'bedrock',
    scope: 'in-region',
    modelId,
    state: 'available',
    reasons: [],
    reach: [region],
    lifecycle: 'ACTIVE',
    inputModalities: ['TEXT', 'IMAGE'],
    outputModalities: ['TEXT'],
    streaming: true,
    since: 1_000,
    observedAt: 1_000,
    stale: false,
    absentLists: 0,
    ...overrides,
  };
}

export function regionReport(
  region: string,
  targets: readonly Observation[],
  overrides: Partial<RegionObservations> = {},
): RegionObservations {
  return { account, region, targets, at: 1_000, failures: [], completeAt: 1_000, ...overrides };
}
