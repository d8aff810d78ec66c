import { describe, expect, it } from 'vitest';
import { Timeline } from '#simulator/statistics/timeline.ts';

describe('a timeline', () => {
  it('counts what happens in each slot, and leaves out what is beyond', () => {
    const line = new Timeline(1_000, 3);
    for (const atMs of [0, 999, 1_000, 2_999, 3_000, -1]) line.add(atMs);
    expect(line.sums()).toEqual([2, 1, 1]);
    expect(line.running()).toEqual([2, 3, 4]);
    expect(line.timesMs()).toEqual([500, 1_500, 2_500]);
  });

  it('tells the mean of what happened', () => {
    const line = new Timeline(10, 2);
    line.add(1, 4);
    line.add(2, 8);
    expect(line.means()).toEqual([6, 0]);
  });

  it('averages what was held over the slots that it touches', () => {
    const line = new Timeline(10, 4);
    line.hold(5, 25, 4);
    line.hold(25, 1_000, 1);
    expect(line.sums()).toEqual([2, 4, 2.5, 1]);
  });
});
