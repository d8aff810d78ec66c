import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBulkStores } from '#adapters/aws/open-bulk-stores.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
});
afterAll(() => clients.close());

it('opens all that a batch stands in, and goes on where S3 or SQS fails once', async () => {
  await clients.createQueue('acme-batches');
  const stores = openBulkStores({
    region: 'us-east-1',
    endpoint: clients.endpoint,
    credentials: { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' },
    bucket: clients.bucket,
    table: 'acme-batches',
    keptMs: 1000,
  });
  await clients.setFaults([
    { service: 's3', operation: 'PutObject', kind: 'throttle', count: 1 },
    { service: 'sqs', operation: 'SendMessageBatch', kind: 'throttle', count: 1 },
  ]);
  await stores.objects.put('a', new Uint8Array(1));
  await stores.queue.send('acme-batches', ['x']);
  await expect(stores.store.loadBatch('demo', 'batch_1')).rejects.toMatchObject({ code: 'resource_missing' });
  stores.close();
});
