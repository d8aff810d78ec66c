import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { grantKeepBatches } from '#lib/permissions/keep-batches.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { built, home, someFunction } from '#test/lib/built.ts';
import { statementOf } from '#test/lib/synthesized.ts';

it('lets a role keep objects of the two halves of one bucket, and send to these queues alone', () => {
  const template = built((stack) => {
    const key = new Key(stack, 'Key');
    const queues = [new Queue(stack, 'Queue')];
    grantKeepBatches(someFunction(stack), { config: checkedConfig(acme), place: home, key, queues });
  });
  const bucket = 'arn:aws:s3:::acme-batches-111111111111-us-east-1';
  expect(statementOf(template, 'KeepBatchFiles')).toMatchObject({
    Action: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    Resource: [`${bucket}/files/*`, `${bucket}/work/*`],
  });
  expect(statementOf(template, 'ListBatchFiles')).toMatchObject({ Resource: [bucket] });
  expect(statementOf(template, 'UseBatchKey').Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  expect(statementOf(template, 'AskForBatchWork').Action).toEqual(['sqs:GetQueueUrl', 'sqs:SendMessage']);
});
