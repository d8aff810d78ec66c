import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createS3ObjectStore } from '#adapters/aws/s3-object-store.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';
import { describeObjectStore } from '../../port-suites/object-store.suite.ts';

describeObjectStore('S3', async () => {
  const { s3, bucket, close } = await openBulkClients();
  return { store: createS3ObjectStore({ client: s3, bucket }), close };
});

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
});
afterEach(() => clients.setFaults([]));
afterAll(() => clients.close());

it('tells in the house’s own words that S3 throttles, is away, or has no such bucket', async () => {
  const store = createS3ObjectStore({ client: clients.s3, bucket: clients.bucket });
  await clients.setFaults([{ service: 's3', kind: 'throttle' }]);
  await expect(store.put('a', new Uint8Array(1))).rejects.toMatchObject({ code: 'throttled' });
  await clients.setFaults([{ service: 's3', kind: 'refuse' }]);
  await expect(store.read('a')).rejects.toMatchObject({ code: 'upstream_unavailable' });
  await clients.setFaults([]);
  const other = createS3ObjectStore({ client: clients.s3, bucket: 'no-such-bucket' });
  await expect(other.list('')).rejects.toMatchObject({ code: 'resource_missing' });
});

it('shows nothing of an upload whose part failed', async () => {
  const store = createS3ObjectStore({ client: clients.s3, bucket: clients.bucket });
  const writer = store.openWriter('broken');
  await clients.setFaults([{ service: 's3', operation: 'UploadPart', kind: 'throttle' }]);
  await expect(writer.write(new Uint8Array(9 * 1024 * 1024))).rejects.toMatchObject({ code: 'throttled' });
  await writer.abandon();
  expect(await store.read('broken')).toBeUndefined();
});
