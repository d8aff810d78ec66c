import { GetObjectLockConfigurationCommand, HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBucket } from '#adapters/aws/create-bucket.ts';
import { localAccess } from '#test/builders/an-audit-region.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
});
afterAll(() => clients.close());

const region = 'us-east-1';
const nothing = async () => undefined;

it('makes a bucket, and leaves one that is there with all that it holds', async () => {
  const access = localAccess(clients.endpoint);
  await createBucket({ region, bucket: 'plain' }, access, nothing);
  await clients.s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'kept', Body: 'x' }));
  let configured = 0;
  await createBucket({ region, bucket: 'plain' }, access, async (client) => {
    await client.send(new HeadBucketCommand({ Bucket: 'plain' }));
    configured += 1;
  });
  expect(configured).toBe(1);
  await expect(
    clients.s3.send(new GetObjectLockConfigurationCommand({ Bucket: 'plain' })),
  ).rejects.toMatchObject({ name: 'ObjectLockConfigurationNotFoundError' });
});

it('makes one that can be locked', async () => {
  await createBucket({ region, bucket: 'locked', lockable: true }, localAccess(clients.endpoint), nothing);
  const told = await clients.s3.send(new GetObjectLockConfigurationCommand({ Bucket: 'locked' }));
  expect(told.ObjectLockConfiguration?.ObjectLockEnabled).toBe('Enabled');
});

it('tells any other refusal, and configures nothing then', async () => {
  let configured = 0;
  const made = createBucket({ region, bucket: 'No_Bucket' }, localAccess(clients.endpoint), async () => {
    configured += 1;
  });
  await expect(made).rejects.toMatchObject({ name: 'InvalidBucketName' });
  expect(configured).toBe(0);
});
