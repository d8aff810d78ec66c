/** A table's stream as the source of a function's events: changes that pass a filter, in order, in batches. */
import type { LambdaHost } from '../lambda-host.ts';
import { type EventPattern, matchesPattern, readPattern } from './event-pattern.ts';
import type { EventSource } from './queue-source.ts';

export interface StreamSourceOptions {
  readonly host: LambdaHost;
  readonly functionArn: string;
  /** Tells of each change from now on, as a record of the stream. @returns ends it */
  readonly listen: (onChange: (record: object) => void) => () => void;
  /**
   * Patterns as a template has them, in JSON: a change passes that matches one of them.
   * @default - every change passes
   */
  readonly filters?: readonly string[];
  readonly batchSize: number;
  /** How long a batch waits for more. */
  readonly batchingWindowSeconds: number;
  /** A batch that fails is tried so often again, and left behind then. */
  readonly maximumRetryAttempts: number;
  readonly onError?: (error: unknown) => void;
}

export function openStreamSource(options: StreamSourceOptions): EventSource {
  const source = new StreamSource(options);
  const stop = options.listen((record) => source.take(record));
  return {
    close: async () => {
      stop();
      await source.close();
    },
  };
}

class StreamSource {
  readonly #options: StreamSourceOptions;
  readonly #patterns: readonly EventPattern[] | undefined;
  #waiting: object[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** One batch after the other: a stream's order is kept. */
  #tail: Promise<void> = Promise.resolve();

  constructor(options: StreamSourceOptions) {
    this.#options = options;
    this.#patterns = options.filters?.map(readPattern);
  }

  take(record: object): void {
    if (this.#patterns?.some((pattern) => matchesPattern(pattern, record)) === false) return;
    this.#waiting.push(record);
    if (this.#waiting.length >= this.#options.batchSize) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), this.#options.batchingWindowSeconds * 1000);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#waiting = [];
    await this.#tail;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const event = JSON.stringify({ Records: this.#waiting });
    this.#waiting = [];
    this.#tail = this.#tail.then(() => this.#invoke(event));
  }

  async #invoke(event: string): Promise<void> {
    const { host, functionArn, maximumRetryAttempts, onError } = this.#options;
    for (let tries = 0; tries <= maximumRetryAttempts; tries += 1) {
      try {
        const { functionError } = await host.invoke(functionArn, event);
        if (functionError === undefined) return;
      } catch (error) {
        onError?.(error);
      }
    }
  }
}
