/**
 * Everything that the audit trail of one gateway region stands in. Modules of their own load it, so that no answer
 * waits for the clients of S3 and SQS.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { ChainHeadStore } from '#usecases/ports/chain-head-store.ts';
import type { SegmentStore } from '#usecases/ports/segment-store.ts';
import type { WorkQueue } from '#usecases/ports/work-queue.ts';
import { type AwsAccess, clientSettings, createConnectionPool, openDynamodb } from './aws-clients.ts';
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

/** What came is idempotent, or comes again. */
const ATTEMPTS_MAX = 3;

/** Segments and their head, for who seals and who proves. Calls nothing before it is used. */
export function openAuditArchive(place: AuditArchivePlace): AuditArchive {
  const { bucket, table, chain, endpoint } = place;
  const pool = createConnectionPool();
  const s3 = new S3Client({
    ...clientSettings(place, pool),
    maxAttempts: ATTEMPTS_MAX,
    // A stand-in has one name, under which no bucket can be another host.
    forcePathStyle: endpoint !== undefined,
    // A bucket elsewhere is no bucket of ours.
    followRegionRedirects: false,
  });
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
