import { expect, it } from 'vitest';
import { aTarget } from '#test/builders/a-target.ts';
import { anAuditedGateway } from '#test/builders/an-audited-gateway.ts';
import { isWhole, readTrail } from '#usecases/audit-proof/read-trail.ts';

it('takes each record once, however often it was sealed', async () => {
  const { chat, seal, trail } = await anAuditedGateway([aTarget()]);
  await chat();
  await chat();
  await seal(2, (record) => ({ ...record, id: 'request-1' }));
  const taken: string[] = [];
  const chains = await readTrail({
    ...trail,
    take: ({ id }) => void taken.push(id),
    takeUnreadable: () => undefined,
  });
  expect(taken).toEqual(['request-1']);
  expect(chains.every(isWhole)).toBe(true);
});
