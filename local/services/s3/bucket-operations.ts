import type {
  CreateBucketCommandInput,
  DeleteBucketCommandInput,
  GetBucketEncryptionCommandInput,
  GetBucketLifecycleConfigurationCommandInput,
  HeadBucketCommandInput,
  ListBucketsCommandInput,
  PutBucketEncryptionCommandInput,
  PutBucketLifecycleConfigurationCommandInput,
} from '@aws-sdk/client-s3';
import type { CallContext, Operation } from '../../service.ts';
import { Bucket, type Buckets } from './buckets.ts';
import { checkKeyRegion } from './encryption.ts';
import { lockOfNewBucket } from './object-lock.ts';
import { refuseOthers, storeError } from './store-error.ts';

/** Life and settings of buckets. */
export function bucketOperations(buckets: Buckets): Record<string, Operation> {
  return {
    CreateBucket: (input: CreateBucketCommandInput, context) => createBucket(buckets, input, context),
    DeleteBucket: (input: DeleteBucketCommandInput, context) =>
      deleteBucket(buckets.reach(input, context), buckets),
    HeadBucket: (input: HeadBucketCommandInput, context) => {
      return { BucketRegion: buckets.reach(input, context).region, AccessPointAlias: false };
    },
    ListBuckets: (input: ListBucketsCommandInput, context) => listBuckets(buckets, input, context),
    PutBucketLifecycleConfiguration: (input: PutBucketLifecycleConfigurationCommandInput, context) => {
      refuseOthers(input, ['LifecycleConfiguration', 'ContentMD5']);
      const bucket = buckets.reach(input, context);
      bucket.lifecycle = checkLifecycle(input.LifecycleConfiguration);
      return {};
    },
    GetBucketLifecycleConfiguration: (input: GetBucketLifecycleConfigurationCommandInput, context) => {
      const { lifecycle } = buckets.reach(input, context);
      if (lifecycle !== undefined) return lifecycle;
      throw storeError('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist');
    },
    DeleteBucketLifecycle: (input: GetBucketLifecycleConfigurationCommandInput, context) => {
      buckets.reach(input, context).lifecycle = undefined;
      return {};
    },
    PutBucketEncryption: (input: PutBucketEncryptionCommandInput, context) =>
      putEncryption(buckets.reach(input, context), input),
    GetBucketEncryption: (input: GetBucketEncryptionCommandInput, context) => {
      return { ServerSideEncryptionConfiguration: buckets.reach(input, context).encryption };
    },
  };
}

const bucketName = /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** The region that a bucket has whose creator names none. */
const regionOfNoConstraint = 'us-east-1';

function createBucket(buckets: Buckets, input: CreateBucketCommandInput, context: CallContext): unknown {
  const { Bucket: name = '', CreateBucketConfiguration: wished } = input;
  refuseOthers(input, ['CreateBucketConfiguration', 'ObjectOwnership', 'ObjectLockEnabledForBucket']);
  refuseOthers(wished ?? {}, ['LocationConstraint', 'Tags']);
  if (!bucketName.test(name))
    throw storeError('InvalidBucketName', `The specified bucket is not valid: ${name}`);
  const region = wished?.LocationConstraint ?? regionOfNoConstraint;
  if (region !== context.region) {
    throw storeError(
      'IllegalLocationConstraintException',
      `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to: ${context.region}.`,
    );
  }
  const existing = buckets.named(name);
  if (existing === undefined) {
    const bucket = new Bucket(name, context, buckets.now);
    bucket.lock = lockOfNewBucket(input);
    buckets.add(bucket);
  } else if (existing.account !== context.account)
    throw storeError('BucketAlreadyExists', `The requested bucket name is not available: ${name}`);
  // The oldest region answers its own owner as if it had made the bucket.
  else if (existing.region !== regionOfNoConstraint || region !== regionOfNoConstraint)
    throw storeError('BucketAlreadyOwnedByYou', `You already own the bucket ${name}.`);
  return { Location: `/${name}` };
}

function deleteBucket(bucket: Bucket, buckets: Buckets): unknown {
  if (bucket.keys.length > 0 || bucket.versions('').length > 0)
    throw storeError('BucketNotEmpty', 'The bucket you tried to delete is not empty');
  buckets.remove(bucket);
  return {};
}

function listBuckets(buckets: Buckets, input: ListBucketsCommandInput, context: CallContext): unknown {
  refuseOthers(input, ['Prefix', 'BucketRegion']);
  const { Prefix = '', BucketRegion } = input;
  const own = buckets
    .ownedBy(context.account)
    .filter(({ name, region }) => name.startsWith(Prefix) && (BucketRegion ?? region) === region);
  return {
    Buckets: own.map(({ name, region, createdAt }) => ({
      Name: name,
      CreationDate: createdAt,
      BucketRegion: region,
    })),
    Owner: { ID: context.account },
  };
}

type Lifecycle = PutBucketLifecycleConfigurationCommandInput['LifecycleConfiguration'];

/** Objects expire by it; nothing else that a rule says happens here. What no lifecycle could mean is refused. */
function checkLifecycle(lifecycle: Lifecycle): NonNullable<Lifecycle> {
  const rules = lifecycle?.Rules ?? [];
  if (lifecycle === undefined || rules.length === 0)
    throw storeError('MalformedXML', 'A lifecycle needs a Rule.');
  for (const { Status, Expiration, AbortIncompleteMultipartUpload, ...rule } of rules) {
    if (Status !== 'Enabled' && Status !== 'Disabled')
      throw storeError('MalformedXML', `Status '${Status}' must be Enabled or Disabled.`);
    const days = [Expiration?.Days, AbortIncompleteMultipartUpload?.DaysAfterInitiation];
    if (days.some((count) => count !== undefined && !(Number.isInteger(count) && count >= 1)))
      throw storeError('InvalidArgument', "'Days' for Expiration action must be a positive integer");
    const acts = [
      Expiration,
      AbortIncompleteMultipartUpload,
      rule.Transitions,
      rule.NoncurrentVersionExpiration,
    ];
    if (acts.every((action) => action === undefined))
      throw storeError('InvalidRequest', 'At least one action needs to be specified in a rule.');
  }
  return lifecycle;
}

function putEncryption(bucket: Bucket, input: PutBucketEncryptionCommandInput): unknown {
  refuseOthers(input, ['ServerSideEncryptionConfiguration', 'ContentMD5']);
  const rules = input.ServerSideEncryptionConfiguration?.Rules ?? [];
  const initial = rules[0]?.ApplyServerSideEncryptionByDefault;
  if (rules.length !== 1 || !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(initial?.SSEAlgorithm ?? ''))
    throw storeError(
      'MalformedXML',
      'One Rule with an SSEAlgorithm of AES256, aws:kms or aws:kms:dsse is wanted.',
    );
  checkKeyRegion(initial?.KMSMasterKeyID, bucket.region);
  bucket.encryption = { Rules: rules };
  return {};
}
