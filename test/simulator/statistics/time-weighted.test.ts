import { describe, expect, it } from 'vitest';
import { TimeWeighted } from '#simulator/statistics/time-weighted.ts';

describe('a quantity over time', () => {
  it('weighs each value by how long it held', () => {
    const queue = new TimeWeighted(100, 2, [2, 5]);
    queue.set(110, 8);
    queue.set(110, 6);
    queue.set(120, 0);
    expect(queue.average(140)).toBe((2 * 10 + 6 * 10) / 40);
    expect([queue.shareAbove(2, 140), queue.shareAbove(5, 140)]).toEqual([0.25, 0.25]);
    expect([queue.most, queue.value, queue.area(150)]).toEqual([8, 0, 80]);
  });

  it('refuses to go back, and to tell of a bound that nobody watched', () => {
    const queue = new TimeWeighted(0, 1, [3]);
    queue.set(10, 2);
    expect(() => queue.set(9, 1)).toThrow('order of time');
    expect(() => queue.shareAbove(4, 20)).toThrow('4 is none');
  });
});
