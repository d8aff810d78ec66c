import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { batchBucketName } from '#contract/resources.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { grantUseBatches } from '../constructs/table-access.ts';
import type { Place } from '../places.ts';

/** The two halves of the bucket: files of tenants, and what dispatchers keep on the way. */
const KEY_PREFIXES = ['files', 'work'];

/** Keeping files, asking for work and knowing how far it is. Receiving work is granted with each queue's events. */
export function grantKeepBatches(
  grantee: IGrantable & IConstruct,
  of: {
    readonly config: SpillwayConfig;
    readonly place: Place;
    readonly key: IKey;
    readonly queues: readonly IQueue[];
  },
): void {
  const { config, place, key, queues } = of;
  const { account, region } = place;
  const bucket = `arn:aws:s3:::${batchBucketName(config.name, account, region)}`;
  const objects = KEY_PREFIXES.map((prefix) => `${bucket}/${prefix}/*`);
  const statements = [
    {
      sid: 'KeepBatchFiles',
      actions: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      resources: objects,
    },
    // Without it S3 calls a file that is not there forbidden.
    { sid: 'ListBatchFiles', actions: ['s3:ListBucket'], resources: [bucket] },
    { sid: 'UseBatchKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] },
    {
      sid: 'AskForBatchWork',
      actions: ['sqs:GetQueueUrl', 'sqs:SendMessage'],
      resources: queues.map(({ queueArn }) => queueArn),
    },
  ];
  for (const statement of statements)
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
  const reason = 'Objects of files and batches, whose ids nobody knows before they are made.';
  acknowledge(
    grantee,
    Object.fromEntries(objects.map((arn) => [`AwsSolutions-IAM5[Resource::${arn}]`, reason])),
  );
  grantUseBatches(grantee, { deployment: config.name, account }, region);
}
