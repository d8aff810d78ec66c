import { expect, it } from 'vitest';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { sealedRoute } from '#test/builders/routes.ts';
import { checksumOf } from '#usecases/plan/seal-route.ts';

it('a checksum covers everything but itself', () => {
  const route = sealedRoute(1);
  expect(checksumOf(route, cryptoDigest)).toBe(route.checksum);
  expect(checksumOf({ ...route, reason: 'another' }, cryptoDigest)).not.toBe(route.checksum);
  expect(checksumOf({ ...route, checksum: 'x' }, cryptoDigest)).toBe(route.checksum);
});
