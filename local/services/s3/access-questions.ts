import type { AccessQuestion } from '../../iam/access-question.ts';
import type { CallContext } from '../../service.ts';
import type { Buckets } from './buckets.ts';

/** Operations on objects whose action is called otherwise. */
const objectActions: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  ListParts: 's3:ListMultipartUploadParts',
  DeleteObject: 's3:DeleteObject',
};

const bucketActions: Readonly<Record<string, string>> = {
  HeadBucket: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  PutObjectLockConfiguration: 's3:PutBucketObjectLockConfiguration',
  GetObjectLockConfiguration: 's3:GetBucketObjectLockConfiguration',
  PutBucketLifecycleConfiguration: 's3:PutLifecycleConfiguration',
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
  PutBucketEncryption: 's3:PutEncryptionConfiguration',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
};

const keyActions: Readonly<Record<string, readonly string[]>> = {
  's3:GetObject': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey'],
};

/** What a call to S3 asks IAM, and of the key by which the bucket is encrypted. */
export function accessQuestions(
  buckets: Buckets,
  input: Readonly<Record<string, unknown>>,
  { operation, account, region }: CallContext,
): readonly AccessQuestion[] | undefined {
  const { Bucket, Key, Delete } = input;
  if (operation === 'ListBuckets') return [{ action: 's3:ListAllMyBuckets', resource: '*', account }];
  const bucket = `arn:aws:s3:::${String(Bucket)}`;
  const found = buckets.named(String(Bucket));
  const owner = found?.account ?? account;
  if (operation === 'DeleteObjects') {
    const { Objects = [] } = (Delete ?? {}) as { Objects?: { Key?: string }[] };
    return Objects.map((object) => ({
      action: 's3:DeleteObject',
      resource: `${bucket}/${object.Key}`,
      account: owner,
    }));
  }
  const action = objectActions[operation];
  if (action === undefined) {
    return [{ action: bucketActions[operation] ?? `s3:${operation}`, resource: bucket, account: owner }];
  }
  const key = found?.encryption.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  const context = { 'kms:ViaService': `s3.${region}.amazonaws.com`, 'kms:CallerAccount': account };
  // Who may not list a bucket is not told that an object is missing.
  const isMissing = action === 's3:GetObject' && found?.get(String(Key)) === undefined;
  return [
    { action, resource: `${bucket}/${String(Key)}`, account: owner },
    ...(isMissing ? [{ action: 's3:ListBucket', resource: bucket, account: owner }] : []),
    ...(key === undefined ? [] : (keyActions[action] ?? [])).map((keyAction) => ({
      action: keyAction,
      resource: key ?? '',
      account: owner,
      context,
    })),
  ];
}
