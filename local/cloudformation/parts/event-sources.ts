/** Event source mappings: Lambda's pollers of queues and of tables' streams, with what they took and how it went. */
import { openQueueSource } from '../../lambda/event-sources/queue-source.ts';
import { openStreamSource } from '../../lambda/event-sources/stream-source.ts';
import type { LambdaHost } from '../../lambda/lambda-host.ts';
import type { ChangeStreams } from '../../services/dynamodb/change-streams.ts';
import type { AccountClients } from './account-clients.ts';
import type { FunctionBook } from './function-book.ts';
import { sendToQueue } from './send-to-queue.ts';

interface Mapping {
  readonly sourceArn: string;
  readonly functionArn: string;
  /** Of the function. */
  readonly roleArn: string;
  readonly batchSize: number;
}

export interface QueueMapping extends Mapping {
  readonly kind: 'queue';
  readonly concurrencyMax: number;
  readonly reportsItemFailures: boolean;
}

export interface StreamMapping extends Mapping {
  readonly kind: 'stream';
  /** How long records are collected before a call. */
  readonly windowSeconds: number;
  readonly retriesMax: number;
  /** As templates have them, in JSON; none where every record is wanted. */
  readonly patterns: readonly string[];
  /** The queue that is told of records which no call could do anything with. Undefined: they are lost. */
  readonly failedArn: string | undefined;
}

export interface MappingCounts {
  /** Calls that were made for what came. */
  calls: number;
  lastError: string;
}

interface Running {
  readonly counts: MappingCounts;
  readonly source: { close(): Promise<void> };
}

/** Lambda begins with so many at once, whatever the most may be. */
const pollersMax = 5;

export class EventSources {
  readonly #parts: { clients: AccountClients; functions: FunctionBook; streams: ChangeStreams };
  readonly #running = new Map<string, Running>();

  constructor(parts: { clients: AccountClients; functions: FunctionBook; streams: ChangeStreams }) {
    this.#parts = parts;
  }

  /** @throws an Error for a stream that is not there, and for a pattern that is not understood */
  start(id: string, mapping: QueueMapping | StreamMapping): void {
    const counts = { calls: 0, lastError: '' };
    const onError = (error: unknown) => {
      counts.lastError = String(error);
    };
    const source =
      mapping.kind === 'queue'
        ? openQueueSource({
            host: this.#counted(counts),
            functionArn: mapping.functionArn,
            queueArn: mapping.sourceArn,
            roleArn: mapping.roleArn,
            awsUrl: this.#parts.clients.endpoint,
            batchSize: mapping.batchSize,
            maximumConcurrency: Math.min(mapping.concurrencyMax, pollersMax),
            reportBatchItemFailures: mapping.reportsItemFailures,
            onError,
          })
        : openStreamSource({
            host: this.#retried(mapping, counts),
            functionArn: mapping.functionArn,
            listen: (onChange) => this.#parts.streams.listen(mapping.sourceArn, onChange),
            ...(mapping.patterns.length === 0 ? {} : { filters: mapping.patterns }),
            batchSize: mapping.batchSize,
            batchingWindowSeconds: mapping.windowSeconds,
            maximumRetryAttempts: 0,
            onError,
          });
    this.#running.set(id, { counts, source });
  }

  async stop(id: string): Promise<void> {
    await this.#running.get(id)?.source.close();
    this.#running.delete(id);
  }

  counts(id: string): Readonly<MappingCounts> | undefined {
    return this.#running.get(id)?.counts;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
  }

  #counted(counts: MappingCounts): LambdaHost {
    const { host } = this.#parts.functions;
    return {
      ...host,
      invoke: (arn, payload) => {
        counts.calls += 1;
        return host.invoke(arn, payload);
      },
    };
  }

  /** Tries as often as the mapping says, and tells the queue of what failed for good. */
  #retried(mapping: StreamMapping, counts: MappingCounts): LambdaHost {
    const host = this.#counted(counts);
    const { functions, clients } = this.#parts;
    const { roleArn, failedArn, sourceArn, functionArn, retriesMax } = mapping;
    return {
      ...host,
      invoke: async (arn, payload) => {
        let answer = await functions.whenFree(() => host.invoke(arn, payload));
        for (let tries = 0; answer.functionError !== undefined && tries < retriesMax; tries += 1) {
          answer = await functions.whenFree(() => host.invoke(arn, payload));
        }
        if (answer.functionError === undefined) return answer;
        counts.lastError = answer.payload.toString();
        const body = JSON.stringify({ streamArn: sourceArn, functionArn });
        if (failedArn !== undefined) {
          await sendToQueue(clients, failedArn, { roleArn, body, error: counts.lastError });
        }
        return answer;
      },
    };
  }
}
