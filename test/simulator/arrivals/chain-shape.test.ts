import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { checkChainPlan } from '#simulator/arrivals/chain-plan.ts';
import { chainShapeSampler } from '#simulator/arrivals/chain-shape.ts';

const lengths = { pairs: [{ inputTokens: 10, outputTokens: 5 }] };

describe('chains by a shape', () => {
  const plan = chainShapeSampler(
    [
      { model: 'planner', lengths },
      { model: 'worker', lengths, fanOut: [3, 5], toolMs: 200 },
      { model: 'critic', lengths, share: 0.5 },
      { model: 'writer', lengths, thinkMsMean: 1_000 },
    ],
    createSeededRandom('shape'),
  );
  const plans = Array.from({ length: 5_000 }, plan);

  it('fan out as far as asked, and join in the next stage', () => {
    const counts = plans.map(({ steps }) => steps.filter(({ model }) => model === 'worker').length);
    expect(new Set(counts)).toEqual(new Set([3, 4, 5]));
    for (const each of plans.slice(0, 200)) {
      checkChainPlan(each);
      const workers = each.steps.flatMap(({ model }, index) => (model === 'worker' ? [index] : []));
      expect(each.steps[workers.length + 1]?.parents).toEqual(workers);
      expect(each.steps[1]).toMatchObject({ parents: [0], pauseMs: 200 });
    }
  });

  it('leave a stage out in the share of chains that do without it', () => {
    const critics = plans.filter(({ steps }) => steps.some(({ model }) => model === 'critic')).length;
    expect(critics / plans.length).toBeCloseTo(0.5, 1);
    expect(plans.every(({ steps }) => steps.at(-1)?.model === 'writer')).toBe(true);
  });

  it('pause as long as asked on the mean', () => {
    const pauses = plans.map(({ steps }) => steps.at(-1)?.pauseMs ?? 0);
    expect(pauses.reduce((sum, pause) => sum + pause, 0) / pauses.length / 1_000).toBeCloseTo(1, 1);
  });
});
