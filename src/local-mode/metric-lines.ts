/**
 * Does for local mode what CloudWatch Logs does in AWS: turns the gateways' embedded metric lines into metrics.
 *
 * Bounded: while the stand-in does not take metrics, the oldest lines are forgotten.
 */
import type { MetricPoint, MetricSink } from '#usecases/ports/metric-sink.ts';

export interface MetricLines {
  /** Takes one line of a gateway's output. */
  take(line: string): void;
  /** Sends what is left. */
  close(): Promise<void>;
}

const flushMs = 1_000;
const linesMax = 10_000;

export function createMetricLines(options: {
  readonly sink: MetricSink;
  readonly pointsOf: (line: string) => readonly MetricPoint[];
}): MetricLines {
  let lines: string[] = [];
  let sending = Promise.resolve();
  const flush = (): Promise<void> => {
    const taken = lines;
    lines = [];
    if (taken.length > 0) sending = sending.then(() => options.sink.publish(taken.flatMap(options.pointsOf)));
    return sending;
  };
  const timer = setInterval(() => void flush(), flushMs);
  timer.unref();
  return {
    take(line) {
      if (lines.length >= linesMax) lines.shift();
      lines.push(line);
    },
    close() {
      clearInterval(timer);
      return flush();
    },
  };
}
