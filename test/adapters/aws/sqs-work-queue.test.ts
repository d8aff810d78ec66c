import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSqsWorkQueue } from '#adapters/aws/sqs-work-queue.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';
import { describeWorkQueue } from '../../port-suites/work-queue.suite.ts';

describeWorkQueue('SQS', async () => {
  const { sqs, createQueue, close } = await openBulkClients();
  return {
    queue: createSqsWorkQueue({ client: sqs }),
    create: createQueue,
    // The stand-in hides by the clock of the machine.
    waitSecond: () => new Promise((resolve) => setTimeout(resolve, 1_100)),
    close,
  };
});

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
});
afterAll(() => clients.close());

it('tells in the house’s own words that a queue throttles or is not there', async () => {
  const queue = createSqsWorkQueue({ client: clients.sqs });
  await expect(queue.send('none', ['x'])).rejects.toMatchObject({ code: 'resource_missing' });
  await clients.createQueue('busy');
  await clients.setFaults([{ service: 'sqs', operation: 'SendMessageBatch', kind: 'throttle' }]);
  await expect(queue.send('busy', ['x'])).rejects.toMatchObject({ code: 'throttled' });
  await clients.setFaults([]);
  await queue.send('busy', ['x']);
});
