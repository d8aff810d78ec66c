import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createQueues } from '#adapters/aws/create-queues.ts';
import { localAccess } from '#test/builders/an-audit-region.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
});
afterAll(() => clients.close());

const attributesOf = async (QueueName: string) => {
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return Attributes;
};

it('makes every queue with the one that takes what is received in vain, and finds them again', async () => {
  const plan = {
    region: 'us-east-1',
    queues: ['one', 'two'],
    deadQueue: 'dead',
    receiptsMax: 7,
    retentionSeconds: 86_400,
  };
  for (const _ of [1, 2]) await createQueues(plan, localAccess(clients.endpoint));
  for (const name of plan.queues) {
    const { MessageRetentionPeriod, RedrivePolicy = '{}' } = (await attributesOf(name)) ?? {};
    expect(MessageRetentionPeriod).toBe('86400');
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(RedrivePolicy);
    expect(deadLetterTargetArn).toBe('arn:aws:sqs:us-east-1:111111111111:dead');
    expect(Number(maxReceiveCount)).toBe(7);
  }
  expect(await attributesOf('dead')).toMatchObject({ MessageRetentionPeriod: '86400' });
});
