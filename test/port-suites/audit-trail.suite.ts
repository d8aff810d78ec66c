/** What every AuditTrail promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '#core/audit/handed-record.ts';
import type { AuditTrail } from '#usecases/ports/audit-trail.ts';

export function describeAuditTrail(
  name: string,
  open: () => Promise<{
    readonly trail: AuditTrail;
    /** What arrived since the last time, in any order. */
    handedOver(): Promise<readonly AuditRecord[]>;
    close(): Promise<void>;
  }>,
): void {
  describe(`an audit trail on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    const aRecord = (id: string): AuditRecord => ({
      ...{ id, at: '2026-11-21T08:00:00.000Z', region: 'eu-central-1', residency: 'eu', tenant: 'acme' },
      candidates: [{ target: '111111111111/eu-central-1/m', removed: 'residency-forbidden' }],
    });
    const byId = (records: readonly AuditRecord[]): readonly AuditRecord[] =>
      [...records].sort((left, right) => (left.id < right.id ? -1 : 1));

    it('has handed over all that was recorded when it has settled', async () => {
      const records = Array.from({ length: 57 }, (_, index) => aRecord(`id-${100 + index}`));
      for (const record of records) opened.trail.record(record);
      await opened.trail.settled();
      expect(byId(await opened.handedOver())).toEqual(records);
    });

    it('goes on after it has settled, and has nothing to wait for where nothing was recorded', async () => {
      await opened.trail.settled();
      expect(await opened.handedOver()).toEqual([]);
      opened.trail.record(aRecord('later'));
      await opened.trail.settled();
      expect(await opened.handedOver()).toEqual([aRecord('later')]);
    });
  });
}
