import type {
  CreateBucketCommandInput,
  GetObjectLockConfigurationCommandInput,
  ListObjectVersionsCommandInput,
  PutObjectLockConfigurationCommandInput,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../service.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { Bucket, Buckets, Retention, StoredObject } from './buckets.ts';
import { refuseOthers, storeError } from './store-error.ts';

/** Buckets that lock what is put into them, and so keep every version of it. */
export function objectLockOperations(buckets: Buckets): Record<string, Operation> {
  return {
    PutObjectLockConfiguration: (input: PutObjectLockConfigurationCommandInput, context) => {
      refuseOthers(input, ['ObjectLockConfiguration', 'ContentMD5']);
      const bucket = buckets.reach(input, context);
      bucket.lock = checkLock(bucket, input.ObjectLockConfiguration);
      return {};
    },
    GetObjectLockConfiguration: (input: GetObjectLockConfigurationCommandInput, context) => {
      const { lock } = buckets.reach(input, context);
      if (lock !== undefined) return { ObjectLockConfiguration: lock };
      throw storeError(
        'ObjectLockConfigurationNotFoundError',
        'Object Lock configuration does not exist for this bucket',
      );
    },
    ListObjectVersions: (input: ListObjectVersionsCommandInput, context) =>
      listVersions(buckets.reach(input, context), input),
  };
}

type LockConfiguration = NonNullable<PutObjectLockConfigurationCommandInput['ObjectLockConfiguration']>;

/** Of a bucket that is made with it: afterwards nobody can take it away. */
export function lockOfNewBucket({
  ObjectLockEnabledForBucket,
}: CreateBucketCommandInput): LockConfiguration | undefined {
  return ObjectLockEnabledForBucket === true ? { ObjectLockEnabled: 'Enabled' } : undefined;
}

function checkLock(bucket: Bucket, wished: LockConfiguration | undefined): LockConfiguration {
  // AWS lets a versioned bucket have it later too; no bucket here is versioned without it.
  if (bucket.lock === undefined)
    throw storeError('InvalidBucketState', 'Object Lock configuration cannot be enabled on existing buckets');
  const { Mode, Days, Years } = wished?.Rule?.DefaultRetention ?? {};
  if (wished?.ObjectLockEnabled !== 'Enabled')
    throw storeError('MalformedXML', 'ObjectLockEnabled must be Enabled.');
  if (wished.Rule === undefined) return wished;
  const spans = [Days, Years].filter((span) => span !== undefined);
  const isSpan = spans.length === 1 && Number.isInteger(spans[0]) && (spans[0] ?? 0) >= 1;
  if (!isSpan || (Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE'))
    throw storeError(
      'MalformedXML',
      'DefaultRetention must have a Mode of GOVERNANCE or COMPLIANCE, and Days or Years of 1 or more.',
    );
  return wished;
}

/** What the bucket's own rule gives to what is put there now. */
export function defaultRetention({ lock, now }: Bucket): Retention | undefined {
  const { Mode, Days, Years } = lock?.Rule?.DefaultRetention ?? {};
  if (Mode === undefined) return undefined;
  const until = now();
  if (Days !== undefined) until.setUTCDate(until.getUTCDate() + Days);
  if (Years !== undefined) until.setUTCFullYear(until.getUTCFullYear() + Years);
  return { mode: Mode, until };
}

export const shownRetention = ({ retention }: StoredObject) =>
  retention === undefined
    ? {}
    : { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: retention.until };

/** Throws AccessDenied (403) while a lock holds. */
export function checkMayDelete({ retention }: StoredObject, now: Date, bypassesGovernance: boolean): void {
  if (retention === undefined || retention.until <= now) return;
  if (retention.mode === 'GOVERNANCE' && bypassesGovernance) return;
  throw new WireError('AccessDenied', 403, 'Access Denied because object protected by object lock.');
}

const pageMax = 1000;

/** Versions and markers of deletion of all keys in one order, a page at a time. */
function listVersions(bucket: Bucket, input: ListObjectVersionsCommandInput): unknown {
  refuseOthers(input, ['Prefix', 'EncodingType', 'MaxKeys', 'KeyMarker', 'VersionIdMarker']);
  const { Prefix = '', MaxKeys = pageMax, KeyMarker, VersionIdMarker } = input;
  const all = bucket.versions(Prefix);
  const begin = startAfter(all, { KeyMarker, VersionIdMarker });
  const page = all.slice(begin, begin + Math.min(MaxKeys, pageMax));
  const isTruncated = page.length > 0 && begin + page.length < all.length;
  const last = isTruncated ? page.at(-1)?.object : undefined;
  return {
    ...{ Name: bucket.name, Prefix, MaxKeys, KeyMarker, VersionIdMarker, IsTruncated: isTruncated },
    NextKeyMarker: last?.key,
    NextVersionIdMarker: last && versionIdOf(last),
    Versions: page
      .filter(({ object }) => object.isDeleteMarker !== true)
      .map((version) => ({
        ...shownVersion(version),
        ETag: version.object.etag,
        Size: version.object.body.length,
        StorageClass: 'STANDARD',
      })),
    DeleteMarkers: page.filter(({ object }) => object.isDeleteMarker === true).map(shownVersion),
  };
}

type ListedVersion = ReturnType<Bucket['versions']>[number];

const versionIdOf = ({ versionId = 'null' }: StoredObject): string => versionId;

const shownVersion = ({ object, isLatest }: ListedVersion) => ({
  Key: object.key,
  VersionId: versionIdOf(object),
  IsLatest: isLatest,
  LastModified: object.modifiedAt,
});

/** Where a page begins: behind a version, or behind all versions of a key. */
function startAfter(
  all: readonly ListedVersion[],
  { KeyMarker, VersionIdMarker }: Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'>,
): number {
  if (KeyMarker === undefined) return 0;
  const at = all.findIndex(
    ({ object }) => object.key === KeyMarker && versionIdOf(object) === VersionIdMarker,
  );
  if (at >= 0) return at + 1;
  const beyond = all.findIndex(({ object }) => object.key > KeyMarker);
  return beyond < 0 ? all.length : beyond;
}
