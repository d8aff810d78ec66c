/** Files and batches of one gateway region, and what calls their lines there. */
import { createEmfBatchMetrics } from '#adapters/aws/emf-batch-metrics.ts';
import type { BulkStores } from '#adapters/aws/open-bulk-stores.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { cryptoRandom } from '#adapters/system/crypto-random.ts';
import { uuidRequestIds } from '#adapters/system/uuid-request-ids.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { batchBucketName, tableArn } from '#contract/resources.ts';
import {
  type BatchDesk,
  type DispatchPace,
  type DispatchServices,
  retentionMs,
} from '#usecases/batch/batch-services.ts';
import { type DispatchOptions, dispatch, dispatchQueues, HIDDEN_SECONDS } from '#usecases/batch/dispatch.ts';
import { runDispatchLoop } from '#usecases/batch/dispatch-loop.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { Log } from '#usecases/ports/log.ts';
import type { WorkMessage } from '#usecases/ports/work-queue.ts';

export interface BatchesOptions {
  readonly config: SpillwayConfig;
  readonly account: string;
  readonly region: string;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly endpoint: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes a line of metrics with its end. */
  readonly metricsOut: (line: string) => void;
}

export interface Batches {
  /** Loads the clients and opens the stores the first time. */
  open(): Promise<BatchDesk>;
  close(): void;
}

/** Touches nothing before it is opened. */
export function openBatches(options: BatchesOptions): Batches {
  const { config, account, region, credentials, endpoint, clock, log } = options;
  const metrics = createEmfBatchMetrics(options.metricsOut);
  let stores: BulkStores | undefined;
  const open = async (): Promise<BatchDesk> => {
    const { openBulkStores } = await import('#adapters/aws/open-bulk-stores.ts');
    stores ??= openBulkStores({
      ...{ region, credentials, endpoint },
      bucket: batchBucketName(config.name, account, region),
      table: tableArn({ deployment: config.name, kind: 'batches', account, region }),
      keptMs: retentionMs({ config }),
    });
    return { config, clock, log, ids: uuidRequestIds, digest: cryptoDigest, metrics, ...stores };
  };
  let opening: Promise<BatchDesk> | undefined;
  return {
    open: () => {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    close: () => stores?.close(),
  };
}

export interface DispatcherOptions {
  readonly open: () => Promise<BatchDesk>;
  readonly gateway: DispatchServices['gateway'];
  readonly config: SpillwayConfig;
  /** @default - as in AWS */
  readonly pace?: Partial<DispatchPace> | undefined;
  /** How long what was received stays hidden, in seconds: renewed while it is worked on. @default 60 */
  readonly hiddenSeconds?: number | undefined;
}

export interface Dispatcher {
  /** One message of a queue. False where it has to come again. Never rejects. */
  dispatch(message: WorkMessage, options: Omit<DispatchOptions, 'hiddenSeconds'>): Promise<boolean>;
  /** Every queue of the region, until `stop` aborts. Never rejects. */
  run(options: { readonly messagesMax: number; readonly stop: AbortSignal }): Promise<void>;
}

const LEASE_MS = 60_000;
const LOOK_MS = 1_000;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { open, gateway, config, hiddenSeconds = HIDDEN_SECONDS } = options;
  const { linesInFlight } = config.batches;
  const pace = { linesInFlight, leaseMs: LEASE_MS, lookMs: LOOK_MS, ...options.pace };
  const services = async (): Promise<DispatchServices> => ({
    ...(await open()),
    gateway,
    random: cryptoRandom,
    pace,
  });
  return {
    dispatch: async (message, how) => dispatch(await services(), message, { ...how, hiddenSeconds }),
    run: async ({ messagesMax, stop }) => {
      const opened = await services();
      const loops = dispatchQueues(opened).map((queue) =>
        runDispatchLoop(opened, { queue, messagesMax, hiddenSeconds, stop }),
      );
      await Promise.all(loops);
    },
  };
}
