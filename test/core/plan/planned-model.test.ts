import { expect, it } from 'vitest';
import { trafficRule } from '#core/plan/planned-model.ts';

it('a region belongs to the first account that lists it, and to those that carry traffic besides', () => {
  const carries = trafficRule([
    { id: 'a', regions: ['r1'] },
    { id: 'b', regions: ['r1', 'r2'] },
    { id: 'c', regions: ['r1', 'r2'], traffic: true },
  ]);
  expect(['a', 'b', 'c'].map((id) => carries(id, 'r1'))).toEqual([true, false, true]);
  expect(['a', 'b', 'c'].map((id) => carries(id, 'r2'))).toEqual([false, true, true]);
  expect(carries('a', 'r3')).toBe(false);
});
