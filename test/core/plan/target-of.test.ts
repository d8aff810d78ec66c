import { describe, expect, it } from 'vitest';
import { targetSchema } from '#contract/route-item.ts';
import { indexObservations } from '#core/plan/observation-index.ts';
import type { PlannedDedicated } from '#core/plan/planned-model.ts';
import { dedicatedTarget, serverlessTarget } from '#core/plan/target-of.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';
import { plainObservation } from '#test/builders/routes.ts';

describe('a serverless target', () => {
  it('fits the public contract, with and without facts', () => {
    for (const facts of [shippedFacts, emptyFacts])
      expect(targetSchema.safeParse(serverlessTarget(plainObservation('us-east-1'), 0, facts)).success).toBe(
        true,
      );
  });

  it('takes what AWS lists before what the facts know', () => {
    const observed = plainObservation('us-east-1', { inputModalities: ['SMELL'], streaming: false });
    const target = serverlessTarget(observed, 0, shippedFacts);
    expect(target.capabilities).toMatchObject({ input: ['SMELL'], streaming: false });
    expect(target.pricing).not.toBeNull();
  });

  it('counts against the quota of its scope', () => {
    const profile = plainObservation('us-east-1', { profileId: 'us.x', scope: 'geo' });
    expect(serverlessTarget(profile, 0, emptyFacts).quotaPool).toBe(
      '111111111111/us-east-1/amazon.nova-lite-v1:0/geo',
    );
  });
});

const observation = plainObservation('us-east-1', {
  kind: 'sagemaker',
  scope: 'dedicated',
  reach: ['us-east-1'],
});
const dedicated = {
  account: '111111111111',
  region: 'us-east-1',
  endpoint: 'gpu',
  capabilities: {},
  copies: 1,
  concurrencyPerCopy: 1,
};
const anywhere = resolveResidency('anywhere', { jurisdictions: 'any' }, shippedFacts);
const targetOf = (changes: Partial<PlannedDedicated>) =>
  dedicatedTarget({
    observation,
    dedicated: { ...dedicated, ...changes },
    position: 0,
    sharing: { gateways: ['us-east-1', 'eu-central-1'], policies: [anywhere], remoteShare: 0.25 },
    facts: shippedFacts,
  });

describe('the tokens a minute of a serverless target', () => {
  const account = { id: '111111111111', regions: ['us-east-1'] };
  const quotas = [
    { model: 'amazon.nova-lite-v1:0', scope: 'on-demand', tokensPerMinute: 500 },
    { model: 'amazon.nova-lite-v1:0', scope: 'on-demand', regions: ['us-west-2'], tokensPerMinute: 1 },
  ] as const;
  const told = (observed: number | undefined, configured: boolean) => {
    const accounts = [configured ? { ...account, quotas } : account];
    const index = indexObservations({ regions: [], accounts, at: 0, ageMsMax: 0 });
    const observation = plainObservation('us-east-1', { quotaTokensPerMinute: observed });
    return index.quotaTokensPerMinuteOf(observation);
  };

  it('are the least of what is configured and what was observed', () => {
    expect([told(900, true), told(100, true), told(900, false), told(undefined, true)]).toEqual([
      500, 100, 900, 500,
    ]);
    expect(told(undefined, false)).toBeUndefined();
  });

  it('fit the public contract', () => {
    const target = serverlessTarget(
      plainObservation('us-east-1', { quotaTokensPerMinute: 200_000 }),
      0,
      emptyFacts,
    );
    expect(targetSchema.parse(target).quotaTokensPerMinute).toBe(200_000);
  });
});

describe('a dedicated target', () => {
  it('says how its container is spoken to only where that is not OpenAI’s way', () => {
    expect(targetOf({ api: 'openai' })).not.toHaveProperty('container');
    const container = { api: 'tgi', chatTemplate: 'llama-3' } as const;
    const target = targetOf(container);
    expect(target.container).toEqual(container);
    expect(targetSchema.parse(target).container).toEqual(container);
  });
});

describe('the memory of a dedicated target', () => {
  it('is shared out among gateway regions as the slots are, nine tenths of every copy', () => {
    const target = targetOf({ kvTokensPerCopy: 1_600, copies: 3, concurrencyPerCopy: 4 });
    expect(target.copies).toBe(3);
    expect(target.share).toEqual({ 'us-east-1': 9, 'eu-central-1': 3 });
    expect(target.kvTokens).toEqual({ 'us-east-1': 3_240, 'eu-central-1': 1_080 });
    expect(target).not.toHaveProperty('kvTokensPerRequest');
    expect(targetSchema.parse(target)).toMatchObject({ copies: 3, kvTokens: target.kvTokens });
  });

  it('comes from its engine, with what every request takes', () => {
    const target = targetOf({ engine: 'gpt-oss-20b', instanceType: 'ml.g6e.2xlarge', concurrencyPerCopy: 8 });
    expect(target.kvTokensPerRequest).toBe(128);
    const { 'us-east-1': one = 0, 'eu-central-1': other = 0 } = target.kvTokens ?? {};
    expect(one + other).toBeGreaterThan(800_000);
  });

  it('is left out where nothing was said, and where no copy is meant to run', () => {
    for (const target of [targetOf({}), targetOf({ kvTokensPerCopy: 1_600, copies: 0 })]) {
      expect(target).not.toHaveProperty('kvTokens');
      expect(target).not.toHaveProperty('copies');
    }
  });
});
