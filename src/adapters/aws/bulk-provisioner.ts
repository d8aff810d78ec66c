/**
 * Creates the bucket and the queues of one gateway region through AWS's public APIs, for local mode: in AWS the gateway
 * stack does. Idempotent: what exists already is left as it is.
 */
import { PutBucketLifecycleConfigurationCommand, type S3Client } from '@aws-sdk/client-s3';
import { createBucket, type LocalAccess } from './create-bucket.ts';
import { createQueues } from './create-queues.ts';

export interface BulkPlan {
  readonly region: string;
  readonly bucket: string;
  /** Whole days after which the bucket forgets an object. */
  readonly lifecycleDays: number;
  readonly queues: readonly string[];
  /** Takes what was received so often in vain. */
  readonly deadQueue: string;
  readonly receiptsMax: number;
}

/** As the gateway stack has it: longer than a batch may last. */
const RETENTION_SECONDS = 4 * 86_400;

/** @throws the SDK's error when something can be neither created nor found */
export async function provisionBulk(plan: BulkPlan, access: LocalAccess): Promise<void> {
  await createBucket(plan, access, (client) => forgetObjects(client, plan));
  await createQueues({ ...plan, retentionSeconds: RETENTION_SECONDS }, access);
}

async function forgetObjects(client: S3Client, plan: BulkPlan): Promise<void> {
  const rule = {
    ID: 'forget-prompts-and-answers',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { Days: plan.lifecycleDays },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  } as const;
  const LifecycleConfiguration = { Rules: [rule] };
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket: plan.bucket, LifecycleConfiguration }),
  );
}
