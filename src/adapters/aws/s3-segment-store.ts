/** Segments as objects of a bucket with S3 Object Lock, whose default retention locks whatever is put there. */
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { segmentPrefix } from '#core/audit/chain.ts';
import type { ListedSegment, SegmentStore, StoredSegment } from '#usecases/ports/segment-store.ts';
import { toHouseError, translated } from './to-house-error.ts';

export interface S3SegmentStoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Under which it lists. @default - that of segments */
  readonly prefix?: string | undefined;
  /** Of one call, its body included. @default 20000 */
  readonly callMsMax?: number | undefined;
}

const CALL_MS_MAX = 20_000;

export function createS3SegmentStore(options: S3SegmentStoreOptions): SegmentStore {
  const { client, bucket: Bucket, prefix: Prefix = segmentPrefix, callMsMax = CALL_MS_MAX } = options;
  const limits = () => ({ abortSignal: AbortSignal.timeout(callMsMax) });
  return {
    async create(Key, Body) {
      const call = new PutObjectCommand({
        ...{ Bucket, Key, Body, ContentType: 'application/jsonl' },
        IfNoneMatch: '*',
      });
      try {
        await client.send(call, limits());
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'PreconditionFailed') return false;
        throw toHouseError(error, 'PutObject');
      }
    },
    async read(Key) {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket, Key }), limits());
        const text = (await answer.Body?.transformToString('utf-8')) ?? '';
        return { text, lock: lockOf(answer) };
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw toHouseError(error, 'GetObject');
      }
    },
    async list() {
      const listed = new Map<string, ListedSegment>();
      let next: { readonly KeyMarker?: string | undefined; readonly VersionIdMarker?: string | undefined } =
        {};
      do {
        const call = new ListObjectVersionsCommand({ Bucket, Prefix, ...next });
        const page = await translated('ListObjectVersions', () => client.send(call, limits()));
        for (const version of versionsOf(page)) {
          const { key } = version;
          listed.set(key, withVersion(listed.get(key), version));
        }
        next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      } while (next.KeyMarker !== undefined);
      // Keys are ASCII: their order by code units is that of S3.
      return [...listed.values()].sort(byKey);
    },
  };
}

interface ListedVersion {
  readonly key: string;
  readonly at: number;
  readonly isHiding: boolean;
}

/** A plain list of objects passes by what a mark of deletion hides, and shows what was laid over a segment in its place. */
function versionsOf({
  Versions = [],
  DeleteMarkers = [],
}: ListObjectVersionsCommandOutput): readonly ListedVersion[] {
  const marks = DeleteMarkers.map((mark) => ({ ...mark, isMark: true }));
  return [...Versions.map((version) => ({ ...version, isMark: false })), ...marks].flatMap(
    ({ Key: key, LastModified: at, IsLatest, isMark }) =>
      key === undefined || at === undefined
        ? []
        : [{ key, at: at.getTime(), isHiding: isMark && IsLatest === true }],
  );
}

function withVersion(listed: ListedSegment | undefined, { key, at, isHiding }: ListedVersion): ListedSegment {
  return {
    key,
    storedAt: Math.min(listed?.storedAt ?? at, at),
    versions: (listed?.versions ?? 0) + 1,
    isHidden: isHiding || listed?.isHidden === true,
  };
}

const byKey = ({ key: left }: ListedSegment, { key: right }: ListedSegment): number =>
  left < right ? -1 : left > right ? 1 : 0;

function lockOf(answer: {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
}): StoredSegment['lock'] {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = answer;
  if (mode === undefined || until === undefined) return undefined;
  return { mode: mode === 'COMPLIANCE' ? 'compliance' : 'governance', until: until.toISOString() };
}
