import { GetObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { provisionAudit } from '#adapters/aws/audit-provisioner.ts';
import { anAuditPlan, localAccess } from '#test/builders/an-audit-region.ts';
import { type BulkClients, openBulkClients } from '#test/builders/bulk-clients.ts';

let clients: BulkClients;
beforeAll(async () => {
  clients = await openBulkClients();
});
afterAll(() => clients.close());

it('makes a locked bucket and a queue that puts aside what nobody can do, and finds them again', async () => {
  const plan = anAuditPlan();
  for (const _ of [1, 2]) await provisionAudit(plan, localAccess(clients.endpoint));
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: plan.queue }));
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toMatchObject({
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:111111111111:acme-audit-dead',
  });
  const { ObjectLockConfiguration } = await clients.s3.send(
    new GetObjectLockConfigurationCommand({ Bucket: plan.bucket }),
  );
  expect(ObjectLockConfiguration).toEqual({
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 184 } },
  });
});
