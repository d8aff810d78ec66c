import { describe, expect, it } from 'vitest';
import { Chance, type Draw } from '#simulator/engine/chance.ts';

const DRAWS = 4_000;
const drawn = <Value>(draw: Draw, one: (draw: Draw) => Value): readonly Value[] =>
  Array.from({ length: DRAWS }, () => one(draw));
const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
const stream = () => new Chance('7').stream('test');

describe('chance', () => {
  it('draws the same from one seed and name, and something else from any other', () => {
    const five = (seed: string, name: string) => {
      const draw = new Chance(seed).stream(name);
      return Array.from({ length: 5 }, () => draw.next());
    };
    expect(five('7', 'arrivals')).toEqual(five('7', 'arrivals'));
    expect(five('7', 'arrivals')).not.toEqual(five('8', 'arrivals'));
    expect(five('7', 'arrivals')).not.toEqual(five('7', 'serving'));
  });

  it('moves no stream when another one is drawn from more often', () => {
    const quiet = new Chance('7');
    const busy = new Chance('7');
    const other = busy.stream('other');
    for (let index = 0; index < 100; index += 1) other.next();
    expect(busy.stream('arrivals').next()).toBe(quiet.stream('arrivals').next());
  });

  it('never lets happen what has no share, and always what has all of it', () => {
    expect(drawn(stream(), (draw) => draw.happens(0))).not.toContain(true);
    expect(drawn(stream(), (draw) => draw.happens(1))).not.toContain(false);
    expect(mean(drawn(stream(), (draw) => Number(draw.happens(0.3))))).toBeCloseTo(0.3, 1);
  });

  it('draws whole numbers from the least to the most, each as often', () => {
    const counts = Map.groupBy(
      drawn(stream(), (draw) => draw.whole(-1, 2)),
      (each) => each,
    );
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
    for (const { length } of counts.values()) expect(length / DRAWS).toBeCloseTo(0.25, 1);
  });

  it('draws between two numbers over all of what lies between', () => {
    const values = drawn(stream(), (draw) => draw.between(10, 20));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...values)).toBeLessThan(20);
    expect(Math.min(...values)).toBeLessThan(10.1);
    expect(Math.max(...values)).toBeGreaterThan(19.9);
  });

  it('picks each choice, and some of them in their own order', () => {
    const choices = ['a', 'b', 'c'] as const;
    expect(new Set(drawn(stream(), (draw) => draw.pick(choices)))).toEqual(new Set(choices));
    const subsets = new Set(drawn(stream(), (draw) => draw.some(choices, 0.5).join('')));
    expect([...subsets].toSorted()).toEqual(['', 'a', 'ab', 'abc', 'ac', 'b', 'bc', 'c']);
  });

  it('draws gaps of a Poisson process: their mean, and as many above it as e to the minus one', () => {
    const gaps = drawn(stream(), (draw) => draw.exponential(50));
    // Four standard errors of the mean of so many: 50 / sqrt(4000) * 4 = 3.2.
    expect(Math.abs(mean(gaps) - 50)).toBeLessThan(3.2);
    expect(gaps.filter((gap) => gap > 50).length / DRAWS).toBeCloseTo(Math.exp(-1), 1);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
  });
});
