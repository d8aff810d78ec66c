/**
 * Creates the locked bucket and the queues of the audit trail in one region through the public APIs, for local mode: in
 * AWS the gateway stack does.
 *
 * Idempotent: what exists already is left as it is, so that a restart finds it again.
 */
import { PutObjectLockConfigurationCommand, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { isHouseError } from '#core/errors/house-error.ts';
import { callKms } from './call-kms.ts';
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

const createdKeySchema = z.object({ KeyMetadata: z.object({ KeyId: z.string() }) });

/** @throws the SDK's error, or a HouseError */
export async function provisionWitness(plan: WitnessPlan, access: LocalAccess): Promise<void> {
  await createBucket({ ...plan, lockable: true }, access, (client) => lockObjects(client, plan));
  const { account, region, keyAlias } = plan;
  const kms = { ...access, account, region };
  const isThere = await callKms(kms, {
    ...{ operation: 'GetPublicKey', order: { KeyId: keyAlias }, schema: z.object({}) },
  }).then(
    () => true,
    (error: unknown) => unlessMissing(error),
  );
  if (isThere) return;
  const order = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
  const { KeyMetadata } = await callKms(kms, { operation: 'CreateKey', order, schema: createdKeySchema });
  const alias = { AliasName: keyAlias, TargetKeyId: KeyMetadata.KeyId };
  await callKms(kms, { operation: 'CreateAlias', order: alias, schema: z.object({}) });
}

function unlessMissing(error: unknown): false {
  if (isHouseError(error) && error.facts.errorName === 'NotFoundException') return false;
  throw error;
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
