import { describe, expect, it } from 'vitest';
import { createMemoryKeyStore } from '#adapters/memory/memory-key-store.ts';
import { aKey } from '#test/builders/a-key.ts';
import { keyMaking } from '#test/builders/key-making.ts';
import { revokeKey } from '#usecases/operate/revoke-key.ts';

const order = { keyId: aKey().keyId, by: 'alice', reason: 'leaked' };

describe('revoking a key', () => {
  it('closes it for good, with a reason in the log', async () => {
    const making = keyMaking(createMemoryKeyStore([aKey()]));
    const revoked = await revokeKey(making, order);
    expect(revoked).toEqual(aKey({ revokedAt: '2026-11-21T08:00:00.000Z' }));
    expect((await making.keys.loadAll()).keys).toEqual([revoked]);
    expect(making.lines).toMatchObject([{ event: 'operator-revoked-key', facts: { reason: 'leaked' } }]);
    making.clock.advance(1000);
    expect(await revokeKey(making, order)).toEqual(revoked);
    expect(making.lines).toHaveLength(1);
  });

  it('is refused for a key that nobody has', async () => {
    await expect(revokeKey(keyMaking(), order)).rejects.toMatchObject({ code: 'key_unknown' });
  });

  it('says when somebody else wrote in between', async () => {
    const store = createMemoryKeyStore([aKey()]);
    const keys = { ...store, save: async () => false };
    await expect(revokeKey({ ...keyMaking(), keys }, order)).rejects.toMatchObject({
      code: 'condition_lost',
    });
  });
});
