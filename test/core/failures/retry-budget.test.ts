import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countRequest,
  countRetry,
  emptyRetryBudget,
  type RetryBudget,
  retriesLeft,
} from '#core/failures/retry-budget.ts';

const start = 1_000_000;

function times(
  count: number,
  step: (budget: RetryBudget) => RetryBudget,
  from: RetryBudget = emptyRetryBudget,
): RetryBudget {
  let budget = from;
  for (let index = 0; index < count; index += 1) budget = step(budget);
  return budget;
}

describe('the retry budget', () => {
  it('starts with ten retries', () => {
    expect(retriesLeft(emptyRetryBudget, start)).toBe(10);
    expect(
      retriesLeft(
        times(10, (budget) => countRetry(budget, start)),
        start,
      ),
    ).toBe(0);
  });

  it('grows by a tenth of the requests of the last ten seconds', () => {
    const busy = times(200, (budget) => countRequest(budget, start));
    expect(retriesLeft(busy, start)).toBe(30);
    expect(retriesLeft(busy, start + 10_000)).toBe(10);
  });

  it('gives spent retries back after ten seconds', () => {
    const spent = times(10, (budget) => countRetry(budget, start));
    expect(retriesLeft(spent, start + 9000)).toBe(0);
    expect(retriesLeft(spent, start + 10_000)).toBe(10);
  });

  it('keeps no more than ten seconds and never goes below zero, whatever the clock does', () => {
    const step = fc.record({ at: fc.integer({ min: start, max: start + 40_000 }), retry: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let budget = emptyRetryBudget;
        for (const { at, retry } of steps) budget = retry ? countRetry(budget, at) : countRequest(budget, at);
        expect(budget.length).toBeLessThanOrEqual(20);
        expect(retriesLeft(budget, start + 40_000)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
