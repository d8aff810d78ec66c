import { describe, expect, it } from 'vitest';
import type { KeyRecord } from '#core/keys/key-record.ts';
import { aKey, apiKeyOf } from '#test/builders/a-key.ts';
import { createKeyCopy } from '#usecases/gateway/key-copy.ts';

const fine = (): undefined => undefined;
const first = aKey();
const other = aKey({ number: 1, label: 'other' });
const read = (...keys: readonly KeyRecord[]) => ({ keys, bad: [] });

function copyOf(...keys: readonly KeyRecord[]) {
  const copy = createKeyCopy(fine);
  copy.take(read(...keys), true);
  return copy;
}

describe('the copy of keys', () => {
  it('forgets what a whole read lacks, and keeps what a read of changes does not name', () => {
    const copy = copyOf(first, other);
    expect(copy.take(read(first), false)).toBe(false);
    expect(copy.find(other.keyId)).toBe(other);
    expect(copy.take(read(first), true)).toBe(true);
    expect(copy.find(other.keyId)).toBeUndefined();
  });

  it('lets a new key of a slot close the one before it', () => {
    const copy = copyOf(first);
    const next = aKey({ number: 2 });
    expect(copy.take(read(next), false)).toBe(true);
    expect(copy.find(first.keyId)).toBeUndefined();
    expect(copy.find(next.keyId)).toBe(next);
    expect(copy.records).toEqual([next]);
  });

  it('serves no key of an item that was spoilt, whichever read shows it', () => {
    for (const whole of [true, false]) {
      const copy = copyOf(first);
      expect(copy.take({ keys: [], bad: ['demo/ci/1'] }, whole)).toBe(true);
      expect(copy.find(first.keyId)).toBeUndefined();
      expect(copy.bad).toEqual(['demo/ci/1: not of the shape of a key']);
      copy.take(read(first), false);
      expect(copy.bad).toEqual([]);
    }
  });

  it('opens no revoked key again', () => {
    const copy = copyOf(aKey({ revokedAt: '2026-11-21T08:00:00.000Z' }));
    expect(copy.take(read(first), true)).toBe(false);
    expect(copy.find(apiKeyOf(0).keyId)?.revokedAt).toBe('2026-11-21T08:00:00.000Z');
  });

  it('names what opens nothing here', () => {
    const copy = createKeyCopy(({ label }) => (label === 'other' ? 'nobody’s' : undefined));
    copy.take(read(first, other), true);
    expect(copy.bad).toEqual(['demo/other/1: nobody’s']);
  });

  it.each<Partial<KeyRecord>>([
    { hash: 'f'.repeat(64) },
    { expiresAt: '2027-01-01T00:00:00.000Z' },
    { revokedAt: '2026-11-21T08:00:00.000Z' },
    { residencies: ['eu'] },
    { models: ['chat-small'] },
  ])('tells a change of %j, and nothing else', (change) => {
    const copy = copyOf(first);
    expect(copy.take(read({ ...first, changedAt: '2026-11-21T08:00:00.000Z' }), false)).toBe(false);
    expect(copy.take(read({ ...first, ...change }), false)).toBe(true);
  });
});
