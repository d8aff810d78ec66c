/**
 * Creates the bucket and the queues of one gateway region through AWS's public APIs, for local mode: in AWS the gateway
 * stack does. Idempotent: what exists already is left as it is.
 */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AwsCredentials } from './sigv4-signer.ts';

export interface BulkPlan {
  readonly region: string;
  readonly bucket: string;
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

async function createBucket({ region, bucket }: BulkPlan, access: Access): Promise<void> {
  const client = new S3Client({ region, maxAttempts: 1, forcePathStyle: true, ...access });
  // Virginia is where a bucket stands that names no place, and must not be named.
  const place =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as never } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error;
  } finally {
    client.destroy();
  }
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
