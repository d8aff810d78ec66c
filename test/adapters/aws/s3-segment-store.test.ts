import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { provisionAudit } from '#adapters/aws/audit-provisioner.ts';
import { createS3SegmentStore } from '#adapters/aws/s3-segment-store.ts';
import { segmentKey } from '#core/audit/chain.ts';
import { anAuditPlan, localAccess } from '#test/builders/an-audit-region.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';
import { describeSegmentStore } from '../../port-suites/segment-store.suite.ts';

describeSegmentStore('S3', async () => {
  const { s3, endpoint, close } = await openBulkClients();
  await provisionAudit(anAuditPlan(), localAccess(endpoint));
  const store = createS3SegmentStore({ client: s3, bucket: anAuditPlan().bucket });
  return { store, now: () => Date.now(), close };
});

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
  await provisionAudit(anAuditPlan({ mode: 'compliance' }), localAccess(clients.endpoint));
});
afterEach(() => clients.setFaults([]));
afterAll(() => clients.close());

it('tells the lock of each segment, and that there is none', async () => {
  const store = createS3SegmentStore({ client: clients.s3, bucket: anAuditPlan().bucket });
  await store.create(segmentKey(1), 'a\n');
  const lock = (await store.read(segmentKey(1)))?.lock;
  expect(lock?.mode).toBe('compliance');
  expect(Date.parse(lock?.until ?? '') - Date.now()).toBeGreaterThan(183 * 86_400_000);
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'without-lock' }));
  const open = createS3SegmentStore({ client: clients.s3, bucket: 'without-lock' });
  await open.create(segmentKey(1), 'a\n');
  expect(await open.read(segmentKey(1))).toEqual({ text: 'a\n', lock: undefined });
});

it('lists segments beyond one page', async () => {
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'many-segments' }));
  const store = createS3SegmentStore({ client: clients.s3, bucket: 'many-segments' });
  const firsts = Array.from({ length: 1_005 }, (_, index) => index + 1);
  for (let start = 0; start < firsts.length; start += 50)
    await Promise.all(firsts.slice(start, start + 50).map((first) => store.create(segmentKey(first), 'a\n')));
  expect((await store.list()).map(({ key }) => key)).toEqual(firsts.map(segmentKey));
});

it('lists what a deletion hides and what was laid over it, beyond one page too', async () => {
  const { s3, close, endpoint } = await openBulkClients();
  await provisionAudit(anAuditPlan(), localAccess(endpoint));
  const { bucket: Bucket } = anAuditPlan();
  const store = createS3SegmentStore({ client: s3, bucket: Bucket });
  const [hidden, overlaid, both, whole] = [1, 2, 3, 4].map(segmentKey) as [string, string, string, string];
  for (const key of [hidden, overlaid, both, whole]) await store.create(key, 'a\n');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: hidden }));
  for (const Key of [overlaid, both]) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'b\n' }));
  const { VersionId } = await s3.send(new DeleteObjectCommand({ Bucket, Key: both }));
  const told = async () =>
    (await store.list()).map(({ key, versions, isHidden }) => [key, versions, isHidden] as const);
  expect(await told()).toEqual([
    [hidden, 2, true],
    [overlaid, 2, false],
    [both, 3, true],
    [whole, 1, false],
  ]);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: both, VersionId }));
  for (let index = 0; index < 1_000; index += 50)
    await Promise.all(
      Array.from({ length: 50 }, () => s3.send(new PutObjectCommand({ Bucket, Key: both, Body: 'c' }))),
    );
  expect((await told()).slice(2)).toEqual([
    [both, 1_002, false],
    [whole, 1, false],
  ]);
  await close();
});

it('tells in the house’s own words that S3 throttles, or has no such bucket', async () => {
  const store = createS3SegmentStore({ client: clients.s3, bucket: anAuditPlan().bucket });
  await clients.setFaults([{ service: 's3', kind: 'throttle' }]);
  await expect(store.create(segmentKey(5), 'a')).rejects.toMatchObject({ code: 'throttled' });
  await expect(store.read(segmentKey(5))).rejects.toMatchObject({ code: 'throttled' });
  await expect(store.list()).rejects.toMatchObject({ code: 'throttled' });
  await clients.setFaults([]);
  const none = createS3SegmentStore({ client: clients.s3, bucket: 'no-such-bucket' });
  await expect(none.list()).rejects.toMatchObject({ code: 'resource_missing' });
});
