import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryKeyStore } from '#adapters/memory/memory-key-store.ts';
import { readApiKey } from '#core/keys/api-key.ts';
import { keyStateAt } from '#core/keys/key-record.ts';
import { aKey, testHasher } from '#test/builders/a-key.ts';
import { keyMaking } from '#test/builders/key-making.ts';
import { createKey } from '#usecases/operate/create-key.ts';
import { revokeKey } from '#usecases/operate/revoke-key.ts';
import { rotateKey } from '#usecases/operate/rotate-key.ts';

const order = { tenant: 'demo', label: 'ci', by: 'alice' };

describe('creating a key', () => {
  it('hands the key out once, and keeps what it may', async () => {
    const making = keyMaking();
    const { key, record } = await createKey(making, {
      ...order,
      residencies: ['eu'],
      models: ['chat-small'],
      expiresInMs: 86_400_000,
    });
    expect(readApiKey(key)).toEqual({ kind: 'spillway', keyId: record.keyId });
    const { keys } = await making.keys.loadAll();
    expect(keys).toEqual([record]);
    expect(record).toEqual({
      ...order,
      by: undefined,
      slot: 1,
      keyId: record.keyId,
      hash: testHasher.hash(key),
      pepperId: testHasher.pepperId,
      createdAt: '2026-11-21T08:00:00.000Z',
      createdBy: 'alice',
      changedAt: '2026-11-21T08:00:00.000Z',
      expiresAt: '2026-11-22T08:00:00.000Z',
      residencies: ['eu'],
      models: ['chat-small'],
    });
    expect(JSON.stringify(keys)).not.toContain(key);
  });

  it('is logged before it is done, with the id and never with the key', async () => {
    const making = keyMaking();
    const failing = { ...making.keys, save: async () => Promise.reject(new Error('down')) };
    await expect(createKey({ ...making, keys: failing }, order)).rejects.toThrow('down');
    expect(making.lines).toMatchObject([
      { event: 'operator-created-key', facts: { tenant: 'demo', label: 'ci', by: 'alice' } },
    ]);
    const { key } = await createKey(making, order);
    const secret = key.split('-')[3] ?? '';
    expect(secret).toHaveLength(43);
    expect(JSON.stringify(making.lines)).not.toContain(secret);
  });

  it('refuses a third live key of a label, and takes the slot of a dead one', async () => {
    const making = keyMaking();
    const first = await createKey(making, order);
    const second = await createKey(making, order);
    expect([first.record.slot, second.record.slot]).toEqual([1, 2]);
    await expect(createKey(making, order)).rejects.toMatchObject({ code: 'key_slots_taken' });
    await createKey(making, { ...order, label: 'other' });
    await revokeKey(making, { keyId: first.record.keyId, by: 'alice', reason: 'test' });
    expect((await createKey(making, order)).record.slot).toBe(1);
  });

  it('is refused when somebody else took the slot in between', async () => {
    const store = createMemoryKeyStore();
    const making = keyMaking(store);
    const raced = {
      ...store,
      loadAll: async () => {
        const read = await store.loadAll();
        await store.save(aKey(), undefined);
        return read;
      },
    };
    await expect(createKey({ ...making, keys: raced }, order)).rejects.toMatchObject({
      code: 'condition_lost',
    });
  });

  it('never leaves more than two live keys of a tenant and label, whatever is done in which order', async () => {
    const labels = ['ci', 'app'];
    const act = fc.record({
      what: fc.constantFrom('create', 'rotate', 'revoke', 'wait'),
      label: fc.constantFrom(...labels),
      pick: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
        const making = keyMaking();
        for (const { what, label, pick } of acts) {
          const { keys } = await making.keys.loadAll();
          const keyId = keys.filter((each) => each.label === label)[pick]?.keyId ?? 'none';
          const done =
            what === 'create'
              ? createKey(making, { ...order, label, expiresInMs: pick === 0 ? undefined : pick * 1000 })
              : what === 'rotate'
                ? rotateKey(making, { keyId, by: 'alice', expireOldInMs: pick * 1000 })
                : what === 'revoke'
                  ? revokeKey(making, { keyId, by: 'alice', reason: 'x' })
                  : Promise.resolve(making.clock.advance(700));
          await done.catch((error: { readonly code?: string }) => {
            expect(['key_slots_taken', 'key_unknown', 'key_not_live']).toContain(error.code);
          });
          const live = (await making.keys.loadAll()).keys.filter(
            (record) => keyStateAt(record, making.clock.now()) === 'live',
          );
          for (const each of labels)
            expect(live.filter((record) => record.label === each).length).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 60 },
    );
  });
});
