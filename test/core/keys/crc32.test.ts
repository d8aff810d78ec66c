import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32OfAscii } from '#core/keys/crc32.ts';

describe('crc32OfAscii', () => {
  it('gives the check value that catalogues of CRCs name', () => {
    expect(crc32OfAscii('123456789')).toBe(0xcbf43926);
    expect(crc32OfAscii('')).toBe(0);
  });

  it('agrees with zlib', () => {
    fc.assert(fc.property(fc.string(), (text) => crc32OfAscii(text) === crc32(text)));
  });
});
