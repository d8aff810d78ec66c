import { afterAll, beforeAll, expect, it } from 'vitest';
import { provisionAudit } from '#adapters/aws/audit-provisioner.ts';
import { openAuditArchive, openAuditQueue } from '#adapters/aws/open-audit-stores.ts';
import { segmentKey } from '#core/audit/chain.ts';
import { chainName } from '#test/builders/a-chain.ts';
import { anAuditPlan, localAccess } from '#test/builders/an-audit-region.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
  await provisionAudit(anAuditPlan(), localAccess(clients.endpoint));
});
afterAll(() => clients.close());

const accessOf = () => {
  const { endpoint, credentials } = localAccess(clients.endpoint);
  return { region: 'us-east-1', endpoint, credentials };
};

it('opens a queue that is called once, and gives up soon', async () => {
  const { queue, close } = openAuditQueue(accessOf());
  await queue.send('acme-audit', ['x']);
  await clients.setFaults([{ service: 'sqs', operation: 'SendMessageBatch', kind: 'throttle', count: 1 }]);
  await expect(queue.send('acme-audit', ['x'])).rejects.toMatchObject({ code: 'throttled' });
  close();
});

it('opens segments and heads, and goes on where S3 fails once', async () => {
  const archive = openAuditArchive({
    ...accessOf(),
    bucket: anAuditPlan().bucket,
    table: 'acme-audit',
    chain: chainName,
  });
  await clients.setFaults([{ service: 's3', operation: 'PutObject', kind: 'throttle', count: 1 }]);
  expect(await archive.segments.create(segmentKey(1), 'a\n')).toBe(true);
  await expect(archive.heads.load()).rejects.toMatchObject({ code: 'resource_missing' });
  archive.close();
});
