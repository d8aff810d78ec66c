/**
 * Spans on their way to a collector: gathered, sent in batches off the request path, bounded. What does not fit, or what the
 * collector did not take, is lost and counted: an answer never depends on it.
 */
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { TracedRequest } from '#usecases/ports/request-spans.ts';

/** Requests that wait for the next batch, each with a few spans: some megabytes at the most. */
const REQUESTS_MAX = 2_048;
/** Spans of one call to the collector, as OpenTelemetry's own processor sends them. */
const BATCH_MAX = 512;
const FLUSH_MS = 1_000;

export interface SpanQueue {
  add(request: TracedRequest): void;
  /** Sends what waits; resolves when the collector has answered. Never rejects. */
  flush(): Promise<void>;
  /** The same, and stops. */
  close(): Promise<void>;
}

export function createSpanQueue(options: {
  readonly exporter: SpanExporter;
  readonly spansOf: (request: TracedRequest) => readonly ReadableSpan[];
  /** Told of requests whose spans are lost, at most once a batch. */
  readonly onLost: (requests: number) => void;
}): SpanQueue {
  const { exporter, spansOf, onLost } = options;
  let waiting: TracedRequest[] = [];
  let overflown = 0;
  let sending: Promise<void> = Promise.resolve();
  let isUnderWay = false;
  const send = async (): Promise<void> => {
    const requests = waiting;
    let lost = overflown;
    waiting = [];
    overflown = 0;
    for (const batch of batchesOf(requests, spansOf))
      if (!(await exported(exporter, batch.spans))) lost += batch.requests;
    if (lost > 0) onLost(lost);
  };
  const flush = (): Promise<void> => {
    // A collector that hangs is asked again by whoever comes after it has answered: nothing piles up behind it.
    if (isUnderWay || (waiting.length === 0 && overflown === 0)) return sending;
    isUnderWay = true;
    sending = send().finally(() => {
      isUnderWay = false;
    });
    return sending;
  };
  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();
  return {
    add(request) {
      if (waiting.length < REQUESTS_MAX) waiting.push(request);
      else overflown += 1;
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
      await flush();
      await exporter.shutdown();
    },
  };
}

interface Batch {
  readonly requests: number;
  readonly spans: ReadableSpan[];
}

/** Spans of a request stay together. */
function* batchesOf(
  requests: readonly TracedRequest[],
  spansOf: (request: TracedRequest) => readonly ReadableSpan[],
): Generator<Batch> {
  let batch: { requests: number; spans: ReadableSpan[] } = { requests: 0, spans: [] };
  for (const request of requests) {
    batch.requests += 1;
    batch.spans.push(...spansOf(request));
    if (batch.spans.length < BATCH_MAX) continue;
    yield batch;
    batch = { requests: 0, spans: [] };
  }
  if (batch.requests > 0) yield batch;
}

/** The exporter's `ExportResultCode.SUCCESS`. */
const SUCCESS = 0;

function exported(exporter: SpanExporter, spans: ReadableSpan[]): Promise<boolean> {
  return new Promise((resolve) => {
    exporter.export(spans, ({ code }) => resolve(code === SUCCESS));
  });
}
