import type { PutObjectCommandInput, ServerSideEncryption } from '@aws-sdk/client-s3';
import type { Bucket, Encryption } from './buckets.ts';
import { storeError } from './store-error.ts';

type Asked = Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'BucketKeyEnabled'>;

export const encryptionMembers = ['ServerSideEncryption', 'SSEKMSKeyId', 'BucketKeyEnabled'];

/** How a new object is encrypted: as its writer says, else as its bucket does. */
export function encryptionOf(bucket: Bucket, asked: Asked): Encryption {
  const [rule] = bucket.encryption.Rules ?? [];
  const initial = rule?.ApplyServerSideEncryptionByDefault;
  const algorithm = asked.ServerSideEncryption ?? initial?.SSEAlgorithm ?? 'AES256';
  const isKms = algorithm.startsWith('aws:kms');
  if (!isKms && asked.SSEKMSKeyId !== undefined)
    throw storeError('InvalidArgument', `SSEKMSKeyId goes with aws:kms, not with ${algorithm}.`);
  const kmsKeyId = isKms ? (asked.SSEKMSKeyId ?? initial?.KMSMasterKeyID) : undefined;
  checkKeyRegion(kmsKeyId, bucket.region);
  const bucketKey = isKms ? (asked.BucketKeyEnabled ?? rule?.BucketKeyEnabled) : undefined;
  return { algorithm, kmsKeyId, bucketKey };
}

/** Keys are regional: nothing can be encrypted under another region's. */
export function checkKeyRegion(keyId: string | undefined, region: string): void {
  const keyRegion = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):/.exec(keyId ?? '')?.[1];
  if (keyRegion === undefined || keyRegion === region) return;
  throw storeError('KMS.NotFoundException', `Invalid arn ${keyRegion}: the bucket is in ${region}.`);
}

/** Encryption as members of an output. */
export function shownEncryption({ algorithm, kmsKeyId, bucketKey }: Encryption) {
  return {
    ServerSideEncryption: algorithm as ServerSideEncryption,
    SSEKMSKeyId: kmsKeyId,
    BucketKeyEnabled: bucketKey,
  };
}
