import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRecord, type RecordedReach } from '#core/audit/judge-record.ts';
import { EVERYWHERE } from '#core/residency/reach.ts';
import { euPolicy } from '#test/builders/a-question.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const frankfurt: RecordedReach = {
  target: '111111111111/eu-central-1/amazon.nova-lite-v1:0',
  region: 'eu-central-1',
  kind: 'bedrock',
  scope: 'in-region',
  modelId: 'amazon.nova-lite-v1:0',
  statedReach: ['eu-central-1'],
  reach: ['eu-central-1'],
};
const inEurope = { region: 'eu-west-1', hadWords: true, guardrail: false, sent: [frankfurt] };
const by = { policy: euPolicy, facts: shippedFacts };

describe('a record', () => {
  it('is lawful where the gateway and every place that had the words are inside', () => {
    expect(judgeRecord(inEurope, by)).toEqual({ violations: [], reaches: [['eu-central-1']] });
  });

  it('is not where a place reaches out, by its own word, by the gateway’s then, or by the facts', () => {
    const profile = { ...frankfurt, scope: 'geo' as const, profileId: 'us.amazon.nova-lite-v1:0' };
    const cases: readonly RecordedReach[] = [
      { ...frankfurt, statedReach: ['eu-central-1', 'us-east-1'] },
      { ...frankfurt, reach: ['us-east-1'] },
      { ...profile, region: 'us-east-1', statedReach: ['eu-central-1'], reach: ['eu-central-1'] },
      { ...frankfurt, statedReach: [], reach: [] },
    ];
    for (const sent of cases)
      expect(judgeRecord({ ...inEurope, sent: [sent] }, by).violations).toMatchObject([
        { where: sent.target },
      ]);
  });

  it('is not where a guardrail read the words too', () => {
    expect(judgeRecord({ ...inEurope, guardrail: true }, by).violations).toMatchObject([
      { offending: [EVERYWHERE], why: 'reach-everywhere' },
    ]);
  });

  it('is not where the gateway itself stood outside, unless it read nothing', () => {
    const outside = { ...inEurope, region: 'us-east-1', sent: [] };
    expect(judgeRecord(outside, by).violations).toEqual([
      { where: 'gateway', offending: ['us-east-1'], why: 'gateway-outside' },
    ]);
    expect(judgeRecord({ ...outside, hadWords: false }, by).violations).toEqual([]);
  });

  it('never passes a place one of whose regions is outside', () => {
    const { regions } = shippedFacts;
    const allowed = euPolicy.allowed === 'any' ? new Set<string>() : euPolicy.allowed;
    const someRegions = fc.subarray([...regions], { maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...regions), someRegions, someRegions, (region, statedReach, reach) => {
        const { violations } = judgeRecord(
          { ...inEurope, sent: [{ ...frankfurt, region, statedReach, reach }] },
          by,
        );
        const all = [region, ...statedReach, ...reach];
        const isInside = statedReach.length + reach.length > 0 && all.every((each) => allowed.has(each));
        expect(violations.length === 0).toBe(isInside);
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});
