import { expect, it } from 'vitest';
import { expectedFreeMs, heldMeanMs } from '#core/capacity/slot-pace.ts';
import { createSeededRandom } from '#core/units/random.ts';

it('is the first call’s time, then a mean that follows what calls take now', () => {
  expect(heldMeanMs(undefined, 800)).toBe(800);
  let mean = heldMeanMs(undefined, 800);
  for (let call = 0; call < 100; call += 1) mean = heldMeanMs(mean, 200);
  expect(mean).toBeCloseTo(200, -1);
});

it('is what calls that end by chance come to: the time until so many of a full target have ended', () => {
  const random = createSeededRandom(20261121);
  const slots = 32;
  for (const wanted of [1, 4]) {
    let sum = 0;
    for (let round = 0; round < 4000; round += 1) {
      const left = Array.from({ length: slots }, () => -5000 * Math.log(1 - random.next()));
      sum += left.toSorted((one, other) => one - other)[wanted - 1] ?? 0;
    }
    const expected = expectedFreeMs(5000, { slots, wanted });
    expect(Math.abs(sum / 4000 / expected - 1)).toBeLessThan(0.08);
  }
});
