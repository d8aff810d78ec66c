/**
 * Everything that the audit trail of one gateway region stands in. Modules of their own load it, so that no answer
 * waits for the clients of S3 and SQS.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { rootPrefix } from '#core/audit/signed-root.ts';
import type { ChainHeadStore } from '#usecases/ports/chain-head-store.ts';
import type { SegmentStore } from '#usecases/ports/segment-store.ts';
import type { WorkQueue } from '#usecases/ports/work-queue.ts';
import {
  type AwsAccess,
  type ConnectionPool,
  clientSettings,
  createConnectionPool,
  openDynamodb,
} from './aws-clients.ts';
import { createDynamodbChainHeadStore } from './dynamodb-chain-head-store.ts';
import { createS3SegmentStore } from './s3-segment-store.ts';
import { createSqsWorkQueue } from './sqs-work-queue.ts';

/** A process that ends waits for it: three tries of it are as long as anybody should. */
const SEND_MS_MAX = 2_000;

/** The queue alone, for who hands over. Calls nothing before it is used. */
export function openAuditQueue(access: AwsAccess): { readonly queue: WorkQueue; close(): void } {
  const pool = createConnectionPool();
  const client = new SQSClient({
    ...clientSettings(access, pool),
    // Where queues say that they are is where they are in AWS; a stand-in has one address.
    useQueueUrlAsEndpoint: access.endpoint === undefined,
  });
  return {
    queue: createSqsWorkQueue({ client, callMsMax: SEND_MS_MAX }),
    close: () => {
      client.destroy();
      pool.close();
    },
  };
}

export interface AuditArchivePlace extends AwsAccess {
  readonly bucket: string;
  /** Of heads: name or ARN. */
  readonly table: string;
  readonly chain: string;
}

export interface AuditArchive {
  readonly segments: SegmentStore;
  readonly heads: ChainHeadStore;
  close(): void;
}

/** How far one chain is, for who reads it from elsewhere. Calls nothing before it is used. */
export function openChainHead(
  place: AwsAccess & Pick<AuditArchivePlace, 'table' | 'chain'>,
): Pick<AuditArchive, 'heads' | 'close'> {
  const { table, chain } = place;
  const pool = createConnectionPool();
  const client = openDynamodb(place, pool);
  return {
    heads: createDynamodbChainHeadStore({ client, table, chain }),
    close: () => {
      client.destroy();
      pool.close();
    },
  };
}

/** Roots of one chain, at home: for the witness, and for who proves. Calls nothing before it is used. */
export function openRootStore(place: AwsAccess & { readonly bucket: string; readonly chain: string }): {
  readonly roots: SegmentStore;
  close(): void;
} {
  const pool = createConnectionPool();
  const client = openS3(place, pool);
  return {
    roots: createS3SegmentStore({ client, bucket: place.bucket, prefix: rootPrefix(place.chain) }),
    close: () => {
      client.destroy();
      pool.close();
    },
  };
}

/** What came is idempotent, or comes again. */
const ATTEMPTS_MAX = 3;

/** Segments and their head, for who seals and who proves. Calls nothing before it is used. */
export function openAuditArchive(place: AuditArchivePlace): AuditArchive {
  const { bucket, table, chain } = place;
  const pool = createConnectionPool();
  const s3 = openS3(place, pool);
  const dynamodb = openDynamodb(place, pool);
  return {
    segments: createS3SegmentStore({ client: s3, bucket }),
    heads: createDynamodbChainHeadStore({ client: dynamodb, table, chain }),
    close: () => {
      s3.destroy();
      dynamodb.destroy();
      pool.close();
    },
  };
}

function openS3(access: AwsAccess, pool: ConnectionPool): S3Client {
  return new S3Client({
    ...clientSettings(access, pool),
    maxAttempts: ATTEMPTS_MAX,
    // A stand-in has one name, under which no bucket can be another host.
    forcePathStyle: access.endpoint !== undefined,
    // A bucket elsewhere is no bucket of ours.
    followRegionRedirects: false,
  });
}
