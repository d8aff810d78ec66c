import { describe, expect, it } from 'vitest';
import { compareTargets } from '#core/plan/compare-targets.ts';
import type { Target } from '#core/target.ts';
import { dedicatedTarget } from '#test/builders/model-call.ts';
import { plainTarget } from '#test/builders/routes.ts';

const price = (input: number | null, output: number | null = 0) => ({
  inputMicroUsdPerMillionTokens: input,
  outputMicroUsdPerMillionTokens: output,
});

/** Each is better than the next one by one criterion, and worse by every criterion below it. */
const ranked: readonly Target[] = [
  dedicatedTarget({ id: 'z1', state: 'warm', position: 0 }),
  dedicatedTarget({ id: 'z2', state: 'warming', position: 0 }),
  dedicatedTarget({ id: 'z3', state: 'cold', position: 0 }),
  dedicatedTarget({ id: 'z4', state: 'warm', position: 1 }),
  plainTarget('us-east-1', { id: 'y1', position: 0, scope: 'in-region', pricing: price(5, 10) }),
  plainTarget('us-east-1', { id: 'y2', position: 0, scope: 'in-region', pricing: price(16, 0) }),
  plainTarget('us-east-1', { id: 'x0', position: 0, scope: 'in-region', pricing: null }),
  plainTarget('us-east-1', { id: 'y3', position: 0, scope: 'in-region', pricing: price(null, 1) }),
  plainTarget('us-east-1', { id: 'x1', position: 0, scope: 'in-region', state: 'legacy', pricing: price(0) }),
  plainTarget('us-east-1', { id: 'w1', position: 0, scope: 'geo', pricing: price(0) }),
  plainTarget('us-east-1', { id: 'v1', position: 0, scope: 'global', pricing: price(0) }),
  plainTarget('us-east-1', { id: 'a1', position: 1, scope: 'in-region', pricing: price(0) }),
];

describe('the published order', () => {
  it('is tier, position, scope, warmth, lifecycle, price, id', () => {
    const shuffled = [...ranked].sort((left, right) => (left.id < right.id ? -1 : 1));
    expect(shuffled.sort(compareTargets).map((target) => target.id)).toEqual(
      ranked.map((target) => target.id),
    );
  });

  it('is total: equal only to itself, and the same both ways round', () => {
    for (const left of ranked) {
      for (const right of ranked) {
        const sign = Math.sign(compareTargets(left, right));
        expect(sign).toBe(left.id === right.id ? 0 : -Math.sign(compareTargets(right, left)));
        expect(sign === 0).toBe(left.id === right.id);
      }
    }
  });
});
