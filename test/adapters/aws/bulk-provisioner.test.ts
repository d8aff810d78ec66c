import { GetBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { provisionBulk } from '#adapters/aws/bulk-provisioner.ts';
import { createS3ObjectStore } from '#adapters/aws/s3-object-store.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
});
afterAll(() => clients.close());

it('makes a bucket and queues that put aside what nobody can do, and finds them again', async () => {
  const credentials = { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local-LKIA111111111111' };
  const plan = {
    region: 'us-east-1',
    bucket: 'acme-batches-111111111111-us-east-1',
    lifecycleDays: 29,
    queues: ['acme-batches', 'acme-bulk-chat'],
    deadQueue: 'acme-batches-dead',
    receiptsMax: 24,
  };
  for (const _ of [1, 2]) await provisionBulk(plan, { endpoint: clients.endpoint, credentials });
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'acme-bulk-chat' }));
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toMatchObject({
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:111111111111:acme-batches-dead',
  });
  const { Rules } = await clients.s3.send(
    new GetBucketLifecycleConfigurationCommand({ Bucket: plan.bucket }),
  );
  expect(Rules).toMatchObject([{ Status: 'Enabled', Expiration: { Days: 29 } }]);
  const store = createS3ObjectStore({ client: clients.s3, bucket: plan.bucket });
  await store.put('there', new Uint8Array(1));
  expect(await store.list('')).toEqual(['there']);
});
