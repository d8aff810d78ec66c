import { expect, it } from 'vitest';
import { joinBytes } from '#usecases/gateway/join-bytes.ts';

it('puts parts one after the other, and copies none that is alone', () => {
  const [one, other] = [new Uint8Array([1, 2]), new Uint8Array([3])];
  expect([...joinBytes([one, new Uint8Array(), other])]).toEqual([1, 2, 3]);
  expect(joinBytes([one])).toBe(one);
  expect(joinBytes([]).length).toBe(0);
});
