/** What every OperatorStore promises. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OperatorStore } from '#usecases/ports/operator-store.ts';

export interface OperatorStoreFixture {
  /** An empty store. */
  open(): Promise<OperatorStore>;
  close(): Promise<void>;
}

const target = '111111111111/us-east-1/us.amazon.nova-lite-v1:0';
const word = { target, by: 'ada', reason: 'it answers slowly', until: '2026-11-22T08:00:00.000Z' };
const entry = {
  id: 'request-1',
  at: '2026-11-21T08:00:00.000Z',
  by: 'ada',
  operation: 'disable',
  order: { target, reason: 'it answers slowly', hours: 24 },
};

export function describeOperatorStore(name: string, start: () => Promise<OperatorStoreFixture>): void {
  describe(`an operator store on ${name}`, () => {
    let fixture: OperatorStoreFixture;
    let store: OperatorStore;
    beforeAll(async () => {
      fixture = await start();
    });
    afterAll(() => fixture.close());
    beforeEach(async () => {
      store = await fixture.open();
    });

    it('says nothing of any target before an operator did', async () => {
      expect(await store.loadDisabled()).toEqual([]);
    });

    it('keeps the last word on a target, with the region that said it', async () => {
      await store.saveDisabled({ ...word, reason: 'first' });
      await store.saveDisabled(word);
      await store.saveDisabled({ ...word, target: `${target}-other` });
      const all = await store.loadDisabled();
      expect(all.toSorted((one, other) => (one.target < other.target ? -1 : 1))).toEqual([
        { ...word, region: store.region },
        { ...word, target: `${target}-other`, region: store.region },
      ]);
    });

    it('adds to the audit, and lets nothing stand in the place of an entry', async () => {
      await store.appendAudit(entry);
      await store.appendAudit({ ...entry, id: 'request-2' });
      await expect(store.appendAudit({ ...entry, by: 'somebody else' })).rejects.toThrow();
      expect(await store.loadDisabled()).toEqual([]);
    });
  });
}
