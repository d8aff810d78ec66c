import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '#core/units/random.ts';
import { weightedChoice } from '#simulator/arrivals/weighted-choice.ts';

describe('a choice by weight', () => {
  it('takes each as often as its weight says, and never one without', () => {
    const weighted = [
      { choice: 'never', weight: 0 },
      { choice: 'one', weight: 1 },
      { choice: 'not', weight: 0 },
      { choice: 'three', weight: 3 },
    ];
    const choose = weightedChoice(weighted, createSeededRandom('choice'));
    const chosen = Array.from({ length: 40_000 }, choose);
    expect(new Set(chosen)).toEqual(new Set(['one', 'three']));
    expect(chosen.filter((choice) => choice === 'three').length / 40_000).toBeCloseTo(0.75, 1);
  });

  it('is refused where nothing has weight', () => {
    expect(() => weightedChoice([{ choice: 'a', weight: 0 }], createSeededRandom(1))).toThrow('weight');
  });
});
