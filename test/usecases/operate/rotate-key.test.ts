import { describe, expect, it } from 'vitest';
import { createMemoryKeyStore } from '#adapters/memory/memory-key-store.ts';
import { aKey } from '#test/builders/a-key.ts';
import { keyMaking } from '#test/builders/key-making.ts';
import { rotateKey } from '#usecases/operate/rotate-key.ts';

const hour = 3_600_000;
const old = aKey({ residencies: ['eu'], models: ['chat-small'] });
const order = { keyId: old.keyId, by: 'bob', expireOldInMs: hour };

describe('rotating a key', () => {
  it('makes one of the same label and scopes, and gives the old one an end', async () => {
    const making = keyMaking(createMemoryKeyStore([old]));
    const { key, record, old: ending } = await rotateKey(making, order);
    expect(record).toMatchObject({
      tenant: 'demo',
      label: 'ci',
      slot: 2,
      residencies: ['eu'],
      models: ['chat-small'],
      createdBy: 'bob',
    });
    expect(record.expiresAt).toBeUndefined();
    expect(ending).toEqual({
      ...old,
      expiresAt: '2026-11-21T09:00:00.000Z',
      changedAt: '2026-11-21T08:00:00.000Z',
    });
    expect((await making.keys.loadAll()).keys).toEqual([ending, record]);
    expect(making.lines).toMatchObject([
      { event: 'operator-created-key' },
      { event: 'operator-rotated-key', facts: { keyId: old.keyId, followedBy: record.keyId } },
    ]);
    expect(JSON.stringify(making.lines)).not.toContain(key);
  });

  it('never prolongs the old key, and lets the new one live as long as that was meant to', async () => {
    const short = { ...old, createdAt: '2026-11-21T07:30:00.000Z', expiresAt: '2026-11-21T08:30:00.000Z' };
    const { record, old: ending } = await rotateKey(keyMaking(createMemoryKeyStore([short])), order);
    expect(ending.expiresAt).toBe('2026-11-21T08:30:00.000Z');
    expect(record.expiresAt).toBe('2026-11-21T09:00:00.000Z');
  });

  it.each([
    ['key_unknown', 'an id that nobody has', [old], { keyId: 'zzzzzzzzzzzz' }],
    ['key_not_live', 'a revoked key', [{ ...old, revokedAt: '2026-11-21T07:00:00.000Z' }], {}],
    ['key_slots_taken', 'a key whose follower lives', [old, aKey({ number: 1, slot: 2 })], {}],
  ] as const)('is refused with %s for %s', async (code, _, keys, change) => {
    const making = keyMaking(createMemoryKeyStore(keys));
    await expect(rotateKey(making, { ...order, ...change })).rejects.toMatchObject({ code });
    expect((await making.keys.loadAll()).keys).toEqual(keys);
  });
});
