/** What every RefusalLedger promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RefusalLedger } from '#usecases/ports/refusal-ledger.ts';

export function describeRefusalLedger(
  name: string,
  start: () => Promise<{ readonly ledger: RefusalLedger; close(): Promise<void> }>,
): void {
  describe(`a refusal ledger on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      opened = await start();
    });
    afterAll(() => opened.close());

    it('keeps one row for each route until it is deleted', async () => {
      const { ledger } = opened;
      const row = {
        model: 'chat',
        residency: 'us',
        code: 'would-empty',
        why: 'x',
        since: 5,
        runs: 1,
      } as const;
      expect(await ledger.loadAll()).toEqual([]);
      await ledger.save(row);
      await ledger.save({ ...row, runs: 2 });
      await ledger.save({ ...row, residency: 'eu' });
      expect((await ledger.loadAll()).map((each) => `${each.residency} ${each.runs}`).sort()).toEqual([
        'eu 1',
        'us 2',
      ]);
      await ledger.delete('chat', 'eu');
      await ledger.delete('chat', 'none');
      expect(await ledger.loadAll()).toEqual([{ ...row, runs: 2 }]);
    });
  });
}
