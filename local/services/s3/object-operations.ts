import { createHash, randomUUID } from 'node:crypto';
import type {
  DeleteObjectCommandInput,
  DeleteObjectsCommandInput,
  GetObjectCommandInput,
  HeadObjectCommandInput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { CallContext, Operation } from '../../service.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { Bucket, Buckets, ObjectHeaders, StoredObject } from './buckets.ts';
import { readRange } from './byte-range.ts';
import { checkBody, checksumMembers, shownChecksum } from './checksums.ts';
import { checkRead, checkWrite } from './conditions.ts';
import { encryptionMembers, encryptionOf, shownEncryption } from './encryption.ts';
import { listObjects } from './list-objects.ts';
import { checkMayDelete, defaultRetention, shownRetention } from './object-lock.ts';
import { refuseOthers, storeError } from './store-error.ts';

/** Ways of whole objects in and out. */
export function objectOperations(buckets: Buckets): Record<string, Operation> {
  return {
    PutObject: (input: PutObjectCommandInput, context) =>
      putObject(buckets.reach(input, context), input, context),
    GetObject: (input: GetObjectCommandInput, context) => getObject(buckets.reach(input, context), input),
    HeadObject: (input: HeadObjectCommandInput, context) => {
      const { Body: _, ...head } = getObject(buckets.reach(input, context), input);
      return head;
    },
    DeleteObject: (input: DeleteObjectCommandInput, context) =>
      deleteObject(buckets.reach(input, context), input),
    DeleteObjects: (input: DeleteObjectsCommandInput, context) =>
      deleteObjects(buckets.reach(input, context), input),
    ListObjectsV2: (input, context) => listObjects(buckets.reach(input, context), input),
  };
}

/** Members that an object remembers. */
const headerMembers = [
  'ContentType',
  'ContentEncoding',
  'ContentLanguage',
  'ContentDisposition',
  'CacheControl',
  'Metadata',
] as const;

/** Tags are taken and have no effect. */
export const writeMembers = [...headerMembers, ...encryptionMembers, 'Tagging'];

const keyBytesMax = 1024;

/** Refuses keys that S3 does not store. */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > keyBytesMax)
    throw storeError('InvalidArgument', `Your key is too long: it has more than ${keyBytesMax} bytes.`);
}

export function headersOf(input: ObjectHeaders): ObjectHeaders {
  return Object.fromEntries(headerMembers.map((name) => [name, input[name]]));
}

function putObject(bucket: Bucket, input: PutObjectCommandInput, { body }: CallContext): unknown {
  refuseOthers(input, [...writeMembers, ...checksumMembers, 'Body', 'ContentMD5', 'IfMatch', 'IfNoneMatch']);
  const key = input.Key ?? '';
  checkKey(key);
  const checksum = checkBody(input, body);
  checkWrite(bucket.get(key), input);
  const encryption = encryptionOf(bucket, input);
  const object: StoredObject = {
    key,
    // The bytes of a request may be a view of a larger buffer that would be kept whole.
    body: Buffer.from(body),
    etag: etagOf(body),
    modifiedAt: wholeSecond(bucket.now()),
    headers: headersOf(input),
    encryption,
    checksum,
    ...versionMembers(bucket),
  };
  bucket.put(object);
  return {
    ETag: object.etag,
    VersionId: object.versionId,
    ...shownChecksum(checksum),
    ...shownEncryption(encryption),
  };
}

/** What a new object has in a bucket with object lock. */
export const versionMembers = (bucket: Bucket): Pick<StoredObject, 'versionId' | 'retention'> =>
  bucket.lock === undefined ? {} : { versionId: randomUUID(), retention: defaultRetention(bucket) };

export function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** HTTP dates have no milliseconds; lists must say the same as heads. */
export function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

const defaultContentType = 'binary/octet-stream';

function getObject(bucket: Bucket, input: GetObjectCommandInput | HeadObjectCommandInput) {
  const conditions = ['IfMatch', 'IfNoneMatch', 'IfModifiedSince', 'IfUnmodifiedSince'];
  refuseOthers(input, ['Range', 'ChecksumMode', 'VersionId', ...conditions]);
  const object = findObject(bucket, input);
  if (object === undefined) throw storeError('NoSuchKey', 'The specified key does not exist.');
  checkRead(object, input);
  const { length } = object.body;
  const range = readRange(input.Range, length);
  const body = range === undefined ? object.body : object.body.subarray(range.first, range.last + 1);
  const showsChecksum = input.ChecksumMode === 'ENABLED' && range === undefined;
  return {
    ...object.headers,
    ContentType: object.headers.ContentType ?? defaultContentType,
    Body: body,
    ContentLength: body.length,
    ContentRange: range && `bytes ${range.first}-${range.last}/${length}`,
    AcceptRanges: 'bytes',
    ETag: object.etag,
    LastModified: object.modifiedAt,
    VersionId: object.versionId,
    ...shownRetention(object),
    ...shownEncryption(object.encryption),
    ...(showsChecksum ? shownChecksum(object.checksum) : {}),
  };
}

function findObject(
  bucket: Bucket,
  { Key = '', VersionId }: GetObjectCommandInput | HeadObjectCommandInput,
): StoredObject | undefined {
  if (VersionId === undefined) return bucket.get(Key);
  const version = bucket.version(Key, VersionId);
  if (version === undefined) throw storeError('NoSuchVersion', 'The specified version does not exist.');
  if (version.isDeleteMarker === true)
    throw new WireError(
      'MethodNotAllowed',
      405,
      'The specified method is not allowed against this resource.',
    );
  return version;
}

/** Without a version hides the object where older ones are kept; a version goes for good, unless it is locked. */
function deleteObject(bucket: Bucket, input: DeleteObjectCommandInput): unknown {
  refuseOthers(input, ['VersionId', 'BypassGovernanceRetention']);
  const { Key = '', VersionId } = input;
  if (VersionId === undefined) return hideObject(bucket, Key);
  const version = bucket.version(Key, VersionId);
  if (version === undefined) return {};
  checkMayDelete(version, bucket.now(), input.BypassGovernanceRetention === true);
  bucket.removeVersion(Key, VersionId);
  return { VersionId, DeleteMarker: version.isDeleteMarker };
}

/** Where every version is kept, a marker is the newest of them from then on. */
function hideObject(bucket: Bucket, key: string): unknown {
  if (bucket.lock === undefined) {
    bucket.delete(key);
    return {};
  }
  const versionId = randomUUID();
  bucket.delete(key, {
    ...{ key, versionId, isDeleteMarker: true, body: Buffer.alloc(0), etag: '', headers: {} },
    modifiedAt: wholeSecond(bucket.now()),
    encryption: encryptionOf(bucket, {}),
    checksum: checkBody({}, new Uint8Array()),
  });
  return { VersionId: versionId, DeleteMarker: true };
}

const deletesMax = 1000;

function deleteObjects(bucket: Bucket, input: DeleteObjectsCommandInput): unknown {
  refuseOthers(input, ['Delete', 'ContentMD5']);
  const { Objects = [], Quiet } = input.Delete ?? {};
  if (Objects.length === 0 || Objects.length > deletesMax)
    throw storeError('MalformedXML', `Delete holds ${Objects.length} objects; must hold 1 to ${deletesMax}.`);
  for (const object of Objects) refuseOthers(object, []);
  for (const { Key = '' } of Objects) hideObject(bucket, Key);
  return Quiet === true ? {} : { Deleted: Objects.map(({ Key }) => ({ Key })) };
}
