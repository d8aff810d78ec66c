/** What every KeyStore promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey } from '#test/builders/a-key.ts';
import type { KeyStore } from '#usecases/ports/key-store.ts';

export function describeKeyStore(
  name: string,
  start: () => Promise<{ readonly store: KeyStore; close(): Promise<void> }>,
): void {
  describe(`a key store on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      opened = await start();
    });
    afterAll(() => opened.close());

    it('keeps what it was given, of every tenant', async () => {
      const { store } = opened;
      expect(await store.loadAll()).toEqual({ keys: [], bad: [] });
      const full = aKey({
        number: 1,
        label: 'full',
        expiresAt: '2027-01-01T00:00:00.000Z',
        revokedAt: '2026-12-01T00:00:00.000Z',
        residencies: ['eu'],
        models: ['chat-small', '*'],
      });
      const kept = [aKey(), aKey({ number: 2, slot: 2 }), aKey({ number: 3, tenant: 'other' }), full];
      for (const record of kept) expect(await store.save(record, undefined)).toBe(true);
      const { keys, bad } = await store.loadAll();
      const byId = (left: { readonly keyId: string }, right: { readonly keyId: string }) =>
        left.keyId < right.keyId ? -1 : 1;
      expect([...keys].sort(byId)).toEqual([...kept].sort(byId));
      expect(bad).toEqual([]);
    });

    it('tells what changed of late', async () => {
      const { store } = opened;
      const early = aKey({ number: 20, label: 'time', changedAt: '2027-11-21T08:00:00.000Z' });
      const late = aKey({ number: 21, label: 'time', slot: 2, changedAt: '2027-11-21T09:00:00.000Z' });
      await store.save(early, undefined);
      await store.save(late, undefined);
      const idsSince = async (since: string) =>
        (await store.loadChanged(since)).keys.map(({ keyId }) => keyId);
      expect((await idsSince(early.changedAt)).sort()).toEqual([early.keyId, late.keyId].sort());
      expect(await idsSince('2027-11-21T08:00:00.001Z')).toEqual([late.keyId]);
      expect(await idsSince('2027-11-21T09:00:00.001Z')).toEqual([]);
    });

    it('writes over the key that the writer has seen, and over no other', async () => {
      const { store } = opened;
      const first = aKey({ number: 10, label: 'race' });
      const second = aKey({ number: 11, label: 'race' });
      expect(await store.save(first, undefined)).toBe(true);
      expect(await store.save(second, undefined)).toBe(false);
      expect(await store.save(second, aKey({ number: 12, label: 'race' }))).toBe(false);
      expect(await store.save(second, first)).toBe(true);
      const revoked = { ...second, revokedAt: '2026-12-01T00:00:00.000Z' };
      expect(await store.save(revoked, second)).toBe(true);
      // A writer that read the key before it was revoked must not open it again.
      const ending = { ...second, expiresAt: '2027-01-01T00:00:00.000Z' };
      expect(await store.save(ending, second)).toBe(false);
      expect(await store.save(ending, { ...revoked, expiresAt: '2026-12-24T00:00:00.000Z' })).toBe(false);
      const { keys } = await store.loadAll();
      expect(keys.filter(({ label }) => label === 'race')).toEqual([revoked]);
    });
  });
}
