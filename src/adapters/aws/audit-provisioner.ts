/**
 * Creates the locked bucket and the queues of the audit trail in one region through the public APIs, for local mode: in
 * AWS the gateway stack does.
 *
 * Idempotent: what exists already is left as it is, so that a restart finds it again.
 */
import {
  CreateAliasCommand,
  CreateKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  NotFoundException,
} from '@aws-sdk/client-kms';
import { PutObjectLockConfigurationCommand, type S3Client } from '@aws-sdk/client-s3';
import { createBucket, type LocalAccess } from './create-bucket.ts';
import { createQueues } from './create-queues.ts';

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

/** Where the witness keeps what it signed, and the key by which it signs. */
export interface WitnessPlan {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly retentionDays: number;
  readonly mode: 'governance' | 'compliance';
  /** `alias/…` */
  readonly keyAlias: string;
}

/** @throws the SDK's error */
export async function provisionWitness(plan: WitnessPlan, access: LocalAccess): Promise<void> {
  await createBucket({ ...plan, lockable: true }, access, (client) => lockObjects(client, plan));
  const client = new KMSClient({ region: plan.region, maxAttempts: 1, ...access });
  try {
    if (!(await isKey(client, plan.keyAlias))) await createKey(client, plan.keyAlias);
  } finally {
    client.destroy();
  }
}

async function createKey(client: KMSClient, AliasName: string): Promise<void> {
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  );
  await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata?.KeyId }));
}

async function isKey(client: KMSClient, KeyId: string): Promise<boolean> {
  try {
    await client.send(new GetPublicKeyCommand({ KeyId }));
    return true;
  } catch (error) {
    if (error instanceof NotFoundException) return false;
    throw error;
  }
}

/** As the gateway stack has it: as long as SQS keeps anything. */
const RETENTION_SECONDS = 14 * 86_400;

/** @throws the SDK's error when something can be neither created nor found */
export async function provisionAudit(plan: AuditPlan, access: LocalAccess): Promise<void> {
  await createBucket({ ...plan, lockable: true }, access, (client) => lockObjects(client, plan));
  await createQueues({ ...plan, queues: [plan.queue], retentionSeconds: RETENTION_SECONDS }, access);
}

async function lockObjects(
  client: S3Client,
  { bucket, mode, retentionDays }: Pick<AuditPlan, 'bucket' | 'mode' | 'retentionDays'>,
): Promise<void> {
  const DefaultRetention = {
    Mode: mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
    Days: retentionDays,
  } as const;
  const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
  await client.send(new PutObjectLockConfigurationCommand({ Bucket: bucket, ObjectLockConfiguration }));
}
