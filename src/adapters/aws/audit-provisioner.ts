/**
 * Creates the locked bucket and the queues of the audit trail in one region through the public APIs, for local mode: in
 * AWS the gateway stack does.
 *
 * Idempotent: what exists already is left as it is, so that a restart finds it again.
 */
import { CreateBucketCommand, PutObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AwsCredentials } from './sigv4-signer.ts';

export interface AuditPlan {
  readonly region: string;
  readonly bucket: string;
  readonly retentionDays: number;
  readonly mode: 'governance' | 'compliance';
  readonly queue: string;
  /** Takes what was received so often in vain. */
  readonly deadQueue: string;
  readonly receiptsMax: number;
}

interface Access {
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
}

/** As the gateway stack has it: as long as SQS keeps anything. */
const RETENTION_SECONDS = 14 * 86_400;

/** @throws the SDK's error when something can be neither created nor found */
export async function provisionAudit(plan: AuditPlan, access: Access): Promise<void> {
  await createBucket(plan, access);
  await createQueues(plan, access);
}

async function createBucket(plan: AuditPlan, access: Access): Promise<void> {
  const { region, bucket: Bucket, mode, retentionDays } = plan;
  const client = new S3Client({ region, maxAttempts: 1, forcePathStyle: true, ...access });
  try {
    await createLockedBucket(client, plan);
    const DefaultRetention = {
      Mode: mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
      Days: retentionDays,
    } as const;
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
    await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  } finally {
    client.destroy();
  }
}

async function createLockedBucket(
  client: S3Client,
  { region, bucket }: Pick<AuditPlan, 'region' | 'bucket'>,
): Promise<void> {
  // Virginia is where a bucket stands that names no place, and must not be named.
  const place =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as never } };
  const call = new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true, ...place });
  try {
    await client.send(call);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error;
  }
}

async function createQueues(plan: AuditPlan, access: Access): Promise<void> {
  const { region, queue, deadQueue, receiptsMax } = plan;
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
    await client.send(
      new CreateQueueCommand({
        QueueName: queue,
        Attributes: { ...retention, RedrivePolicy: JSON.stringify(redrive) },
      }),
    );
  } finally {
    client.destroy();
  }
}
