import { expect, it } from 'vitest';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { auditFirst } from '#usecases/operate/audit-first.ts';

const entry = { id: 'a', at: '2026-11-21T08:00:00.000Z', by: 'ada', operation: 'pin', order: {} };

it('keeps an entry as it is told', async () => {
  const words = createMemoryOperatorStore();
  await auditFirst(words, entry);
  expect(words.audit).toEqual([entry]);
});

it('refuses for whatever reason an entry cannot be written, one that stands included', async () => {
  const words = createMemoryOperatorStore();
  await auditFirst(words, entry);
  await expect(auditFirst(words, entry)).rejects.toMatchObject({ code: 'audit_unwritable' });
  const cause = new TypeError('down');
  const failing = { appendAudit: () => Promise.reject(cause) };
  await expect(auditFirst(failing, entry)).rejects.toMatchObject({ code: 'audit_unwritable', cause });
});
