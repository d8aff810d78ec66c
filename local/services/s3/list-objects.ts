import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { Bucket } from './buckets.ts';
import { refuseOthers, storeError } from './store-error.ts';

const pageMax = 1000;

type Page = Omit<ListObjectsV2CommandOutput, '$metadata'>;

/** One page of keys in order; keys that share a prefix up to the delimiter are one entry. */
export function listObjects(bucket: Bucket, input: ListObjectsV2CommandInput): Page {
  const offered = [
    'Prefix',
    'Delimiter',
    'MaxKeys',
    'ContinuationToken',
    'StartAfter',
    'EncodingType',
    'FetchOwner',
  ];
  refuseOthers(input, offered);
  const { Prefix = '', Delimiter = '', ContinuationToken, StartAfter } = input;
  const shown = input.EncodingType === 'url' ? encodeURIComponent : (text: string) => text;
  const countMax = pageSize(input.MaxKeys);
  const after = ContinuationToken === undefined ? StartAfter : readToken(ContinuationToken);
  const contents: NonNullable<Page['Contents']> = [];
  const prefixes = new Set<string>();
  let last: string | undefined;
  let isTruncated = false;
  for (const key of bucket.keys) {
    if (!key.startsWith(Prefix) || isBefore(key, after)) continue;
    const common = commonPrefix(key, Prefix, Delimiter);
    if (common !== undefined && (prefixes.has(common) || common === after)) continue;
    isTruncated = contents.length + prefixes.size >= countMax;
    if (isTruncated) break;
    last = common ?? key;
    if (common === undefined) contents.push(describe(bucket, key, shown));
    else prefixes.add(common);
  }
  return {
    Name: bucket.name,
    Prefix: shown(Prefix),
    MaxKeys: countMax,
    KeyCount: contents.length + prefixes.size,
    IsTruncated: isTruncated && countMax > 0,
    Contents: contents,
    CommonPrefixes: [...prefixes].map((prefix) => ({ Prefix: shown(prefix) })),
    Delimiter: input.Delimiter,
    EncodingType: input.EncodingType,
    ContinuationToken,
    StartAfter,
    NextContinuationToken: isTruncated && last !== undefined ? writeToken(last) : undefined,
  };
}

function pageSize(asked = pageMax): number {
  if (Number.isInteger(asked) && asked >= 0) return Math.min(asked, pageMax);
  throw storeError('InvalidArgument', `max-keys is ${asked}; must be a whole number of at least 0.`);
}

function isBefore(key: string, after: string | undefined): boolean {
  return after !== undefined && Buffer.compare(Buffer.from(key), Buffer.from(after)) <= 0;
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function describe(bucket: Bucket, key: string, shown: (text: string) => string) {
  const object = bucket.get(key);
  return {
    Key: shown(key),
    ETag: object?.etag,
    Size: object?.body.length,
    LastModified: object?.modifiedAt,
    StorageClass: 'STANDARD' as const,
    ChecksumAlgorithm: object && [object.checksum.algorithm],
    ChecksumType: object?.checksum.type,
  };
}

const tokenMark = '1/';

function writeToken(key: string): string {
  return Buffer.from(tokenMark + key).toString('base64');
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (text.startsWith(tokenMark)) return text.slice(tokenMark.length);
  throw storeError('InvalidArgument', 'The continuation token provided is incorrect');
}
