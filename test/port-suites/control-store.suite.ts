/** What every ControlStore promises. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ControlStore } from '#usecases/ports/control-store.ts';

export interface ControlStoreFixture {
  /** The stores of two regions over one empty set. */
  open(regions: readonly [string, string]): Promise<readonly [ControlStore, ControlStore]>;
  close(): Promise<void>;
}

const until = '2026-11-22T08:00:00.000Z';
const word = { target: 'a/us-east-1/m', by: 'ada', reason: 'it answers slowly', until };
const hold = { model: 'chat', residency: 'us', by: 'ada', reason: 'incident', until };

export function describeControlStore(name: string, start: () => Promise<ControlStoreFixture>): void {
  describe(`a control store on ${name}`, () => {
    let fixture: ControlStoreFixture;
    let here: ControlStore;
    let there: ControlStore;
    beforeAll(async () => {
      fixture = await start();
    });
    afterAll(() => fixture.close());
    beforeEach(async () => {
      [here, there] = await fixture.open(['us-east-1', 'us-west-2']);
    });

    it('has no word before an operator said one', async () => {
      expect(await here.loadDisabled()).toEqual([]);
      expect(await there.loadHolds()).toEqual([]);
    });

    it('shows every region the last word of each, with the region that said it', async () => {
      await here.saveDisabled({ ...word, reason: 'first' });
      await here.saveDisabled(word);
      await there.saveDisabled(word);
      const read = await there.loadDisabled();
      expect(read.toSorted((one, other) => (one.region < other.region ? -1 : 1))).toEqual([
        { ...word, region: 'us-east-1' },
        { ...word, region: 'us-west-2' },
      ]);
      expect(await here.loadHolds()).toEqual([]);
    });

    it('keeps the last word of each region on a hold', async () => {
      await here.saveHold({ ...hold, reason: 'first' });
      await here.saveHold(hold);
      expect(await there.loadHolds()).toEqual([{ ...hold, region: 'us-east-1' }]);
    });
  });
}
