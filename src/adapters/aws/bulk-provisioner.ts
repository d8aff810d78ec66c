/**
 * Creates the bucket and the queues of one gateway region through AWS's public APIs, for local mode: in AWS the gateway
 * stack does. Idempotent: what exists already is left as it is.
 */
import { CreateBucketCommand, PutBucketLifecycleConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AwsCredentials } from './sigv4-signer.ts';

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

interface Access {
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
}

/** As the gateway stack has it: longer than a batch may last. */
const RETENTION_SECONDS = 4 * 86_400;

/** @throws the SDK's error when something can be neither created nor found */
export async function provisionBulk(plan: BulkPlan, access: Access): Promise<void> {
  await createBucket(plan, access);
  await createQueues(plan, access);
}

async function createBucket(plan: BulkPlan, access: Access): Promise<void> {
  const { region } = plan;
  const client = new S3Client({ region, maxAttempts: 1, forcePathStyle: true, ...access });
  try {
    await createBucketUnlessThere(client, plan);
    await forgetObjects(client, plan);
  } finally {
    client.destroy();
  }
}

async function createBucketUnlessThere(client: S3Client, { region, bucket }: BulkPlan): Promise<void> {
  // Virginia is where a bucket stands that names no place, and must not be named.
  const place =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as never } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error;
  }
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

async function createQueues(plan: BulkPlan, access: Access): Promise<void> {
  const { region, queues, deadQueue, receiptsMax } = plan;
  const client = new SQSClient({ region, maxAttempts: 1, useQueueUrlAsEndpoint: false, ...access });
  const retention = { MessageRetentionPeriod: String(RETENTION_SECONDS) };
  try {
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName: deadQueue, Attributes: retention }),
    );
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: receiptsMax };
    for (const QueueName of queues) {
      const settings = { ...retention, RedrivePolicy: JSON.stringify(redrive) };
      await client.send(new CreateQueueCommand({ QueueName, Attributes: settings }));
    }
  } finally {
    client.destroy();
  }
}
