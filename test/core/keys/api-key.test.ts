import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiKeyBytes, formatApiKey, keyIdPattern, readApiKey } from '#core/keys/api-key.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const keys = fc.record({ id: bytes(apiKeyBytes.id), secret: bytes(apiKeyBytes.secret) }).map(formatApiKey);
const characters = [...'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_. ~é'];

describe('an API key', () => {
  it('has a prefix for scanners, a public id, 256 bits and a checksum', () => {
    const zero = formatApiKey({ id: new Uint8Array(8), secret: new Uint8Array(32) });
    expect(zero.key).toMatch(/^sk-spillway-0{12}-0{43}-[0-9A-Za-z]{6}$/);
    const full = formatApiKey({ id: new Uint8Array(8).fill(255), secret: new Uint8Array(32).fill(255) });
    expect(full.key).toMatch(/^sk-spillway-[0-9a-z]{12}-[0-9A-Za-z]{43}-[0-9A-Za-z]{6}$/);
  });

  it('is read back as what it is', () => {
    fc.assert(
      fc.property(keys, ({ key, keyId }) => {
        expect(keyId).toMatch(keyIdPattern);
        expect(readApiKey(key)).toEqual({ kind: 'spillway', keyId });
      }),
    );
  });

  it('carries every bit of its secret', () => {
    const id = new Uint8Array(8);
    const seen = new Set(
      Array.from({ length: 256 }, (_, bit) => {
        const secret = new Uint8Array(32);
        secret[bit >> 3] = 1 << (bit & 7);
        return formatApiKey({ id, secret }).key;
      }),
    );
    expect(seen.size).toBe(256);
  });

  it('with any one wrong character is no key, at every position', () => {
    fc.assert(
      fc.property(keys, fc.nat(), fc.constantFrom(...characters), ({ key }, at, character) => {
        const index = at % key.length;
        fc.pre(key[index] !== character);
        const wrong = key.slice(0, index) + character + key.slice(index + 1);
        expect(readApiKey(wrong).kind).not.toBe('spillway');
      }),
      { numRuns: 2000 },
    );
  });

  it('with two neighbours that changed places, cut off or prolonged is no key', () => {
    fc.assert(
      fc.property(keys, fc.nat(), ({ key }, at) => {
        const index = at % (key.length - 1);
        const swapped =
          key.slice(0, index) + (key[index + 1] ?? '') + (key[index] ?? '') + key.slice(index + 2);
        if (swapped !== key) expect(readApiKey(swapped).kind).not.toBe('spillway');
        expect(readApiKey(key.slice(0, index)).kind).not.toBe('spillway');
        expect(readApiKey(key + (key[index] ?? '')).kind).not.toBe('spillway');
      }),
    );
  });

  it.each(['', 'sk-local', 'sk-spillway', 'SK-SPILLWAY-', 'x'.repeat(5000)])(
    'of another form is foreign: %.20s',
    (text) => {
      expect(readApiKey(text)).toEqual({ kind: 'foreign' });
    },
  );

  it('refuses to be made of too few bytes', () => {
    expect(() => formatApiKey({ id: new Uint8Array(8), secret: new Uint8Array(31) })).toThrow(/32 bytes/);
    expect(() => formatApiKey({ id: new Uint8Array(7), secret: new Uint8Array(32) })).toThrow(/8 bytes/);
  });
});
