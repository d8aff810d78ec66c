import { expect, it } from 'vitest';
import { divided, largestCallOf, reservedOf } from '#usecases/capacity/safe-share.ts';

const limit = { target: 'chat', slots: 10, copies: 1 };

it('is a part of the slots and of the KV tokens for each process, rounded down, and the rest is common', () => {
  const { own, common } = divided({ ...limit, kvTokens: 1000 }, { processesMax: 3, share: 0.7 });
  expect(own).toEqual({ slots: 2, kvTokens: 233 });
  expect(common).toEqual({ ...limit, slots: 4, kvTokens: 301 });
});

it('is nothing where there are more processes than slots to set aside, and may be all of it', () => {
  expect(divided(limit, { processesMax: 11, share: 1 })).toEqual({
    own: { slots: 0, kvTokens: 0 },
    common: limit,
  });
  expect(divided(limit, { processesMax: 5, share: 1 })).toMatchObject({
    own: { slots: 2 },
    common: { slots: 0 },
  });
  expect(() => divided(limit, { processesMax: 5, share: 1.1 })).toThrow('is from 0 to 1');
});

it('is never more than the limit together, and keeps all that is reserved', () => {
  for (let slots = 1; slots <= 40; slots += 1)
    for (const processesMax of [1, 2, 3, 8])
      for (const share of [0, 0.1, 1 / 3, 0.29, 1])
        for (const reserved of [0, 1, slots]) {
          const { own, common } = divided({ ...limit, slots }, { processesMax, share });
          expect(own.slots * processesMax + common.slots).toBe(slots);
          const kept = (part: number): number => reservedOf(part, slots, reserved);
          expect(kept(own.slots) * processesMax + kept(common.slots)).toBeGreaterThanOrEqual(reserved);
        }
});

it('leaves calls as large as the larger part holds, and never one that is larger than a copy', () => {
  const of = (changes: object, safe: { processesMax: number; share: number }) =>
    largestCallOf({ ...limit, slots: 16, copies: 2, kvTokens: 200_000, ...changes }, safe);
  expect(of({}, { processesMax: 4, share: 0 })).toBe(100_000);
  expect(of({}, { processesMax: 4, share: 0.25 })).toBe(75_000);
  expect(of({}, { processesMax: 4, share: 1 })).toBe(50_000);
  expect(of({}, { processesMax: 1, share: 0.5 })).toBe(100_000);
  expect(of({}, { processesMax: 20, share: 0.8 })).toBe(20_000);
  expect(of({ kvTokens: undefined }, { processesMax: 4, share: 0.25 })).toBeUndefined();
});
