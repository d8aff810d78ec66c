import { describe, expect, it } from 'vitest';
import { checkChainPlan } from '#simulator/arrivals/chain-plan.ts';

const step = { model: 'm', inputTokens: 1, outputTokens: 1, pauseMs: 0 };

describe('the plan of a chain', () => {
  it('may join and part', () => {
    const parents = [[], [0], [0], [1, 2]];
    expect(() =>
      checkChainPlan({ steps: parents.map((each) => ({ ...step, parents: each })) }),
    ).not.toThrow();
  });

  it.each([
    ['itself', { ...step, parents: [0] }, 'step 0 of a chain waits for step 0'],
    ['the future', { ...step, parents: [7] }, 'waits for step 7'],
    ['less than nothing', { ...step, parents: [], pauseMs: -1 }, 'pause of -1 ms'],
  ])('waits never for %s', (_what, broken, message) => {
    expect(() => checkChainPlan({ steps: [broken] })).toThrow(message);
  });
});
