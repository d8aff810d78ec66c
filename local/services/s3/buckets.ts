import type {
  BucketLifecycleConfiguration,
  ObjectLockConfiguration,
  ServerSideEncryptionConfiguration,
} from '@aws-sdk/client-s3';
import type { CallContext } from '../../service.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { Checksum, ChecksumAlgorithm } from './checksums.ts';
import { storeError } from './store-error.ts';

/** How an object is encrypted at rest: remembered and told, nothing is encrypted in memory. */
export interface Encryption {
  readonly algorithm: string;
  readonly kmsKeyId: string | undefined;
  readonly bucketKey: boolean | undefined;
}

/** What a writer says of an object beside its bytes. */
export interface ObjectHeaders {
  readonly ContentType?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
}

/** What keeps a version from being deleted. */
export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly until: Date;
}

export interface StoredObject {
  readonly key: string;
  readonly body: Buffer;
  readonly etag: string;
  readonly modifiedAt: Date;
  readonly headers: ObjectHeaders;
  readonly encryption: Encryption;
  readonly checksum: Checksum;
  /** Of a bucket with object lock alone. */
  readonly versionId?: string | undefined;
  readonly retention?: Retention | undefined;
  /** It stands for a deletion, has no bytes, and hides what is older. */
  readonly isDeleteMarker?: true;
}

export interface Part {
  readonly body: Buffer;
  readonly etag: string;
  readonly checksum: Checksum;
  readonly modifiedAt: Date;
}

/** An object on its way in, part by part. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly startedAt: Date;
  readonly headers: ObjectHeaders;
  readonly encryption: Encryption;
  readonly algorithm: ChecksumAlgorithm;
  readonly checksumType: Checksum['type'];
  readonly parts: Map<number, Part>;
}

export class Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: Date;
  readonly uploads = new Map<string, Upload>();
  lifecycle: BucketLifecycleConfiguration | undefined;
  /** Undefined for a bucket without object lock, which keeps one version of each object. */
  lock: ObjectLockConfiguration | undefined;
  encryption: ServerSideEncryptionConfiguration = {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
  };
  /** What its clock says. */
  readonly now: () => Date;
  readonly #objects = new Map<string, StoredObject>();
  /** What was replaced or deleted, newest first. */
  readonly #older = new Map<string, readonly StoredObject[]>();
  #keys: readonly string[] | undefined;

  constructor(name: string, { account, region }: Pick<CallContext, 'account' | 'region'>, now: () => Date) {
    this.name = name;
    this.account = account;
    this.region = region;
    this.now = now;
    this.createdAt = now();
  }

  get(key: string): StoredObject | undefined {
    const object = this.#objects.get(key);
    if (object === undefined || !isExpired(object, this.lifecycle, this.now())) return object;
    this.delete(key);
    return undefined;
  }

  put(object: StoredObject): void {
    if (!this.#objects.has(object.key)) this.#keys = undefined;
    this.#keepVersion(object.key);
    this.#objects.set(object.key, object);
  }

  /** @param marker what is kept of the deletion where every version is */
  delete(key: string, marker?: StoredObject): void {
    this.#keepVersion(key);
    if (this.#objects.delete(key)) this.#keys = undefined;
    if (marker !== undefined) this.#older.set(key, [marker, ...(this.#older.get(key) ?? [])]);
  }

  #keepVersion(key: string): void {
    const object = this.#objects.get(key);
    if (this.lock !== undefined && object !== undefined)
      this.#older.set(key, [object, ...(this.#older.get(key) ?? [])]);
  }

  /** By key, newest first. */
  versions(prefix: string): readonly { readonly object: StoredObject; readonly isLatest: boolean }[] {
    const keys = [...new Set([...this.#objects.keys(), ...this.#older.keys()])].sort();
    return keys
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => {
        const latest = this.#objects.get(key);
        const all = [...(latest === undefined ? [] : [latest]), ...(this.#older.get(key) ?? [])];
        return all.map((object, index) => ({ object, isLatest: index === 0 }));
      });
  }

  version(key: string, id: string): StoredObject | undefined {
    return this.versions(key).find(({ object }) => object.key === key && object.versionId === id)?.object;
  }

  removeVersion(key: string, id: string): void {
    const left = this.versions(key).flatMap(({ object }) =>
      object.key === key && object.versionId !== id ? [object] : [],
    );
    const [latest, ...older] = left;
    const isHidden = latest === undefined || latest.isDeleteMarker === true;
    this.#keys = undefined;
    if (isHidden) this.#objects.delete(key);
    else this.#objects.set(key, latest);
    this.#older.set(key, isHidden ? left : older);
  }

  /** Keys in the order of their UTF-8 bytes, as S3 lists them. */
  get keys(): readonly string[] {
    if (this.lifecycle !== undefined) for (const key of this.#objects.keys()) this.get(key);
    this.#keys ??= [...this.#objects.keys()].sort((left, right) =>
      Buffer.compare(Buffer.from(left), Buffer.from(right)),
    );
    return this.#keys;
  }
}

const msPerDay = 86_400_000;

/** By rules of whole days for all objects, or for a beginning of their keys: at the midnight (UTC) that follows. */
function isExpired(object: StoredObject, lifecycle: Bucket['lifecycle'], now: Date): boolean {
  return (lifecycle?.Rules ?? []).some(({ Status, Expiration, Filter, Prefix }) => {
    const days = Expiration?.Days;
    if (Status !== 'Enabled' || days === undefined || !object.key.startsWith(Filter?.Prefix ?? Prefix ?? ''))
      return false;
    const aged = object.modifiedAt.getTime() + days * msPerDay;
    return now.getTime() >= Math.ceil(aged / msPerDay) * msPerDay;
  });
}

/** Every bucket. Names are one namespace for all accounts and regions, as in AWS. */
export class Buckets {
  readonly now: () => Date;
  readonly #byName = new Map<string, Bucket>();

  constructor(now: () => Date) {
    this.now = now;
  }

  named(name: string): Bucket | undefined {
    return this.#byName.get(name);
  }

  add(bucket: Bucket): void {
    this.#byName.set(bucket.name, bucket);
  }

  remove(bucket: Bucket): void {
    this.#byName.delete(bucket.name);
  }

  ownedBy(account: string): Bucket[] {
    const own = [...this.#byName.values()].filter((bucket) => bucket.account === account);
    return own.sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** A bucket that the caller owns and calls in its own region; anything else is refused as AWS does. */
  reach(
    input: { Bucket?: string | undefined; ExpectedBucketOwner?: string | undefined },
    context: CallContext,
  ): Bucket {
    const { Bucket: name = '', ExpectedBucketOwner: expected } = input;
    const bucket = this.#byName.get(name);
    if (bucket === undefined)
      throw storeError('NoSuchBucket', `The specified bucket does not exist: ${name}`);
    if (bucket.account !== context.account || (expected ?? bucket.account) !== bucket.account)
      throw new WireError('AccessDenied', 403, 'Access Denied');
    if (bucket.region === context.region) return bucket;
    throw storeError(
      'PermanentRedirect',
      `The bucket ${name} is in ${bucket.region}, and the call is signed for ${context.region}: call its own region.`,
    );
  }
}
