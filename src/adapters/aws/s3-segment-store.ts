/** Segments as objects of a bucket with S3 Object Lock, whose default retention locks whatever is put there. */
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { segmentPrefix } from '#core/audit/chain.ts';
import type { ListedSegment, SegmentStore, StoredSegment } from '#usecases/ports/segment-store.ts';
import { toHouseError, translated } from './to-house-error.ts';

export interface S3SegmentStoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Of one call, its body included. @default 20000 */
  readonly callMsMax?: number | undefined;
}

const CALL_MS_MAX = 20_000;

export function createS3SegmentStore(options: S3SegmentStoreOptions): SegmentStore {
  const { client, bucket: Bucket, callMsMax = CALL_MS_MAX } = options;
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
      const listed: ListedSegment[] = [];
      let token: string | undefined;
      do {
        const call = new ListObjectsV2Command({ Bucket, Prefix: segmentPrefix, ContinuationToken: token });
        const page = await translated('ListObjectsV2', () => client.send(call, limits()));
        for (const { Key: key, LastModified: at } of page.Contents ?? [])
          if (key !== undefined && at !== undefined) listed.push({ key, storedAt: at.getTime() });
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return listed;
    },
  };
}

function lockOf(answer: {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
}): StoredSegment['lock'] {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = answer;
  if (mode === undefined || until === undefined) return undefined;
  return { mode: mode === 'COMPLIANCE' ? 'compliance' : 'governance', until: until.toISOString() };
}
