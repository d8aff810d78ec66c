import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCapacity } from '#core/capacity-plan/plan-capacity.ts';
import { trafficOfRate } from '#core/capacity-plan/traffic-of-rate.ts';
import { aCopyKind } from '#test/builders/a-copy-kind.ts';

/** Calls of a second, 1,000 tokens in and 11 out. */
const traffic = (requestsPerSecond: number, peakFactor = 1) =>
  trafficOfRate({ requestsPerSecond, inputTokens: 1_000, outputTokens: 11, peakFactor });
const price = (inputMicroUsdPerMillionTokens: number) => ({
  inputMicroUsdPerMillionTokens,
  outputMicroUsdPerMillionTokens: 0,
});
const kinds = [aCopyKind()];

describe('the cheapest number of copies', () => {
  // One erlang: 1, 1/5, 1/65, 1/1957 of the calls spill with 0 to 3 copies. A copy costs USD 730 a month, and all calls
  // 730 × 3.6 times the price of a million tokens: at USD 1 that is 2,628, 1,255.60 and 1,500.43.
  it.each([
    [1_000_000, 1, [2_628, 1_255.6, 1_500.43]],
    // 262.80 against 782.56 with a copy.
    [100_000, 0, [262.8, 782.56]],
    // 26,280, 5,986, 1,864.31, 2,203.30: the third copy saves less than it costs.
    [10_000_000, 2, [26_280, 5_986, 1_864.31, 2_203.43]],
  ])('at %i micro-USD a million tokens', (tokens, copies, dollars) => {
    const plan = planCapacity({ traffic: traffic(1), kinds, serverless: price(tokens), spillShareMax: 1 });
    expect(plan.chosen?.point.copies).toBe(copies);
    const curve = plan.chosen?.plan.curve.map(({ microUsdPerMonth }) => microUsdPerMonth / 1_000_000) ?? [];
    dollars.forEach((usd, index) => {
      expect(curve[index]).toBeCloseTo(usd, 1);
    });
    expect(plan.serverlessMicroUsdPerMonth).toBe(plan.kinds[0]?.curve[0]?.microUsdPerMonth ?? 0);
  });

  it('is the first that keeps to the share, where a share is asked for', () => {
    const plan = (spillShareMax: number) =>
      planCapacity({ traffic: traffic(1), kinds, serverless: price(100_000), spillShareMax }).chosen?.point
        .copies;
    expect([0.2001, 0.19, 0.0153].map(plan)).toEqual([1, 2, 3]);
  });

  it('carries all but a share where nobody else may answer', () => {
    const plan = planCapacity({ traffic: traffic(1), kinds, spillShareMax: 0.001 });
    expect(plan.chosen?.point).toMatchObject({ copies: 3, microUsdPerMonth: 3 * 730_000_000 });
    expect([plan.serverlessMicroUsdPerMonth, plan.kinds[0]?.breakEvenShare]).toEqual([undefined, undefined]);
  });

  it('is on the cheaper kind; of equal cost, the one that spills less', () => {
    const dear = aCopyKind({ hosting: { instanceType: 'ml.dear.xlarge', microUsdPerHour: 2_000_000 } });
    const plan = planCapacity({
      traffic: traffic(1),
      kinds: [dear, ...kinds],
      serverless: price(1_000_000),
      spillShareMax: 1,
    });
    expect(plan.chosen?.plan.kind.hosting.instanceType).toBe('ml.test.xlarge');
    const shared = aCopyKind({ hosting: { copiesPerInstance: 4 } });
    expect(
      planCapacity({ traffic: traffic(1), kinds: [shared], spillShareMax: 0.5 }).chosen?.point.copies,
    ).toBe(4);
  });

  it('is none where there is no traffic', () => {
    for (const serverless of [price(1_000_000), undefined]) {
      const plan = planCapacity({ traffic: traffic(0), kinds, serverless, spillShareMax: 0 });
      expect(plan.chosen?.point).toMatchObject({ copies: 0, microUsdPerMonth: 0, spillShare: 0 });
    }
  });

  it('is not found where a copy takes nothing, or never enough', () => {
    const useless = aCopyKind({ limits: { requests: 0, callsPerSecond: 0 } });
    const plan = planCapacity({ traffic: traffic(1), kinds: [useless], spillShareMax: 0.001 });
    expect([plan.chosen, plan.sensitivity, plan.kinds[0]?.curve.length]).toEqual([undefined, [], 1]);
    const long = aCopyKind({ limits: { tooLongShare: 0.2 } });
    expect(planCapacity({ traffic: traffic(1), kinds: [long], spillShareMax: 0.1 }).chosen).toBeUndefined();
  });

  it('says so where more copies than anybody plans by a formula might be cheaper', () => {
    const huge = planCapacity({ traffic: traffic(3_000), kinds, spillShareMax: 0.001 });
    expect([huge.chosen, huge.kinds[0]?.isCut, huge.kinds[0]?.curve.length]).toEqual([undefined, true, 401]);
    expect(planCapacity({ traffic: traffic(1), kinds, spillShareMax: 0.001 }).kinds[0]?.isCut).toBe(false);
  });

  it('pays from the share of a full copy’s calls that cost as much elsewhere', () => {
    // Two calls a second of USD 0.001 are USD 7.20 an hour, the copy is 1.
    const plan = planCapacity({ traffic: traffic(1), kinds, serverless: price(1_000_000), spillShareMax: 1 });
    expect(plan.kinds[0]?.breakEvenShare).toBeCloseTo(1 / 7.2, 12);
  });

  it('tells what a fifth more or less traffic comes to, with these copies and with the best', () => {
    const { sensitivity } = planCapacity({
      traffic: traffic(1),
      kinds,
      serverless: price(2_000_000),
      spillShareMax: 1,
    });
    expect(sensitivity.map(({ factor, kept, best }) => [factor, kept.copies, best?.copies])).toEqual([
      [0.8, 2, 1],
      [1, 2, 2],
      [1.2, 2, 2],
    ]);
    // Erlang's B of two slots under 0.8 and 1.2 is 0.32 / 2.12 and 0.72 / 2.92.
    expect(sensitivity[0]?.best?.spillShare).toBeCloseTo(0.32 / 2.12, 9);
    expect(sensitivity.map(({ kept }) => kept.spillShare)).toEqual(
      [...sensitivity.map(({ kept }) => kept.spillShare)].sort((left, right) => left - right),
    );
  });
});

describe('under any traffic', () => {
  const rates = fc.record({
    requestsPerSecond: fc.double({ min: 0.01, max: 30, noNaN: true }),
    peakFactor: fc.double({ min: 1, max: 12, noNaN: true }),
    outputTokens: fc.integer({ min: 1, max: 60 }),
  });

  it('more copies never spill more, and cost in proportion', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 6 }), (rate, requests) => {
        const kind = aCopyKind({ limits: { requests } });
        const plan = planCapacity({
          traffic: trafficOfRate({ ...rate, inputTokens: 1_000 }),
          kinds: [
            {
              ...kind,
              speed: {
                ...kind.speed,
                tokenMs: [
                  [1, 50],
                  [6, 200],
                ],
              },
            },
          ],
          serverless: price(1_000_000),
          spillShareMax: 1,
        });
        const curve = plan.kinds[0]?.curve ?? [];
        expect(curve.length).toBeGreaterThan(1);
        curve.forEach((point, copies) => {
          expect(point.copies).toBe(copies);
          expect(point.copiesMicroUsdPerMonth).toBe(copies * 730_000_000);
          expect(point.spillShare).toBeLessThanOrEqual((curve[copies - 1]?.spillShare ?? 1) + 1e-12);
          expect(point.microUsdPerMonth).toBeGreaterThanOrEqual(
            plan.chosen?.point.microUsdPerMonth ?? Infinity,
          );
        });
      }),
      { numRuns: 80 },
    );
  });
});
