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

describe('the key hasher', () => {
  it('is HMAC-SHA-256 under the pepper', () => {
    expect(hasher.hash('sk-1')).toBe(createHmac('sha256', pepper).update('sk-1').digest('hex'));
    expect(createHmacKeyHasher('another').hash('sk-1')).not.toBe(hasher.hash('sk-1'));
  });

  it('knows a key by its hash and no other', () => {
    const hash = hasher.hash('sk-1');
    expect(hasher.matches('sk-1', hash)).toBe(true);
    for (const key of ['sk-2', '', 'sk-1 ', 'SK-1']) expect(hasher.matches(key, hash)).toBe(false);
    for (const wrong of [
      '',
      hash.slice(1),
      `${hash}00`,
      'zz'.repeat(32),
      `1${hash.slice(1)}`.replace(/^1/, hash[0] === '1' ? '2' : '1'),
    ])
      expect(hasher.matches('sk-1', wrong)).toBe(false);
  });

  it('compares in constant time: by the platform’s own means, right or wrong', () => {
    const compare = vi.mocked(nodeCrypto.timingSafeEqual);
    compare.mockClear();
    hasher.matches('sk-1', hasher.hash('sk-1'));
    hasher.matches('sk-2', hasher.hash('sk-1'));
    expect(compare).toHaveBeenCalledTimes(2);
  });

  it('tells peppers apart without showing them', () => {
    expect(hasher.pepperId).toMatch(/^[0-9a-f]{12}$/);
    expect(createHmacKeyHasher(pepper).pepperId).toBe(hasher.pepperId);
    expect(createHmacKeyHasher('another').pepperId).not.toBe(hasher.pepperId);
    expect(JSON.stringify(hasher)).not.toContain(pepper);
  });
});
