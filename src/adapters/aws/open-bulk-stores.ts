/**
 * Everything that files and batches of one gateway region stand in. A module of its own, so that a gateway loads the
 * clients of S3 and SQS when somebody first asks for a file, and no call of a model waits for them.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { BatchStore } from '#usecases/ports/batch-store.ts';
import type { ObjectStore } from '#usecases/ports/object-store.ts';
import type { WorkQueue } from '#usecases/ports/work-queue.ts';
import { type AwsAccess, clientSettings, createConnectionPool, openDynamodb } from './aws-clients.ts';
import { createDynamodbBatchStore } from './dynamodb-batch-store.ts';
import { createS3ObjectStore } from './s3-object-store.ts';
import { createSqsWorkQueue } from './sqs-work-queue.ts';

export interface BulkPlace extends AwsAccess {
  readonly bucket: string;
  /** Of batches: name or ARN. */
  readonly table: string;
  /** How long a batch is shown after it was made. */
  readonly keptMs: number;
}

export interface BulkStores {
  readonly objects: ObjectStore;
  readonly queue: WorkQueue;
  readonly store: BatchStore;
  close(): void;
}

/** Nobody else sends one part of a file again, or one message. What they do twice is done once. */
const ATTEMPTS_MAX = 3;

/** Calls nothing before it is used. */
export function openBulkStores(place: BulkPlace): BulkStores {
  const { bucket, table, keptMs, endpoint } = place;
  const pool = createConnectionPool();
  const settings = { ...clientSettings(place, pool), maxAttempts: ATTEMPTS_MAX };
  const s3 = new S3Client({
    ...settings,
    // A stand-in has one name, under which no bucket can be another host.
    forcePathStyle: endpoint !== undefined,
    // A bucket elsewhere is no bucket of ours.
    followRegionRedirects: false,
  });
  const sqs = new SQSClient({
    ...settings,
    // Where queues say that they are is where they are in AWS; a stand-in has one address.
    useQueueUrlAsEndpoint: endpoint === undefined,
  });
  const dynamodb = openDynamodb(place, pool);
  return {
    objects: createS3ObjectStore({ client: s3, bucket }),
    queue: createSqsWorkQueue({ client: sqs }),
    store: createDynamodbBatchStore({ client: dynamodb, table, keptMs }),
    close: () => {
      s3.destroy();
      sqs.destroy();
      dynamodb.destroy();
      pool.close();
    },
  };
}
