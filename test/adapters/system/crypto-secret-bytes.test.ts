import { expect, it } from 'vitest';
import { cryptoSecretBytes } from '#adapters/system/crypto-secret-bytes.ts';

it('gives as many bytes as asked, and never the same', () => {
  const drawn = Array.from({ length: 100 }, () => cryptoSecretBytes.next(32));
  expect(drawn.every((bytes) => bytes.length === 32)).toBe(true);
  expect(new Set(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(100);
});
