import { describe, expect, it } from 'vitest';
import { studentQuantile, studentShareBelow } from '#simulator/statistics/student-t.ts';

describe('Student’s law', () => {
  it.each([
    // Tables of the law: share, degrees of freedom, t.
    [0.975, 1, 12.7062],
    [0.975, 2, 4.3027],
    [0.975, 9, 2.2622],
    [0.995, 9, 3.2498],
    [0.95, 29, 1.6991],
    [0.975, 1_000, 1.9623],
  ])('has %d below t with %d degrees of freedom', (share, freedom, t) => {
    expect(studentQuantile(share, freedom)).toBeCloseTo(t, 4);
    expect(studentShareBelow(t, freedom)).toBeCloseTo(share, 4);
    expect(studentShareBelow(-t, freedom)).toBeCloseTo(1 - share, 4);
  });

  it('has half of it below 0', () => {
    expect(studentQuantile(0.5, 3)).toBeCloseTo(0, 8);
    expect(() => studentQuantile(1, 3)).toThrow('0.5 to 1');
  });
});
