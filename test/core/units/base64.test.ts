import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64OfBytes } from '#core/units/base64.ts';

it('writes what Buffer writes, over the seams of its pieces too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(base64OfBytes(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
  const long = Uint8Array.from({ length: 100_001 }, (_, index) => (index * 31) % 256);
  expect(base64OfBytes(long)).toBe(Buffer.from(long).toString('base64'));
});
