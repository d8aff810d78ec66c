import * as nodeCrypto from 'node:crypto';
import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { createHmacKeyHasher } from '#adapters/system/hmac-key-hasher.ts';

vi.mock('node:crypto', async (importOriginal) => {
  const original = await importOriginal<typeof nodeCrypto>();
  return { ...original, timingSafeEqual: vi.fn(original.timingSafeEqual) };
});

const pepper = 'a pepper of some length, for this test';
const hasher = createHmacKeyHasher(pepper);
const known = (hash: string) => ({ hash, pepperId: hasher.pepperId });

describe('the key hasher', () => {
  it('is HMAC-SHA-256 under the pepper', () => {
    expect(hasher.hash('sk-1')).toBe(createHmac('sha256', pepper).update('sk-1').digest('hex'));
    expect(createHmacKeyHasher('another').hash('sk-1')).not.toBe(hasher.hash('sk-1'));
  });

  it('knows a key by its hash and no other', () => {
    const hash = hasher.hash('sk-1');
    expect(hasher.matches('sk-1', known(hash))).toBe(true);
    for (const key of ['sk-2', '', 'sk-1 ', 'SK-1']) expect(hasher.matches(key, known(hash))).toBe(false);
    for (const wrong of [
      '',
      hash.slice(1),
      `${hash}00`,
      'zz'.repeat(32),
      `1${hash.slice(1)}`.replace(/^1/, hash[0] === '1' ? '2' : '1'),
    ])
      expect(hasher.matches('sk-1', known(wrong))).toBe(false);
  });

  it('compares in constant time: by the platform’s own means, right or wrong', () => {
    const compare = vi.mocked(nodeCrypto.timingSafeEqual);
    compare.mockClear();
    hasher.matches('sk-1', known(hasher.hash('sk-1')));
    hasher.matches('sk-2', known(hasher.hash('sk-1')));
    expect(compare).toHaveBeenCalledTimes(2);
  });

  it('tells peppers apart without showing them', () => {
    expect(hasher.pepperId).toMatch(/^[0-9a-f]{12}$/);
    expect(createHmacKeyHasher(pepper).pepperId).toBe(hasher.pepperId);
    expect(createHmacKeyHasher('another').pepperId).not.toBe(hasher.pepperId);
    expect(JSON.stringify(hasher)).not.toContain(pepper);
  });

  it('takes hashes of the pepper before it too, by the id that a record carries, and makes none', () => {
    const next = createHmacKeyHasher('the pepper that comes after the other', pepper);
    const old = known(hasher.hash('sk-1'));
    expect(next.pepperId).not.toBe(hasher.pepperId);
    expect([next.knows(next.pepperId), next.knows(hasher.pepperId), next.knows('000000000000')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(next.matches('sk-1', old)).toBe(true);
    expect(next.matches('sk-2', old)).toBe(false);
    expect(next.hash('sk-1')).not.toBe(old.hash);
    // A hash of one pepper under the id of the other is nobody's.
    expect(next.matches('sk-1', { ...old, pepperId: next.pepperId })).toBe(false);
    expect(next.matches('sk-1', { hash: next.hash('sk-1'), pepperId: hasher.pepperId })).toBe(false);
    expect(hasher.knows(next.pepperId)).toBe(false);
  });
});
