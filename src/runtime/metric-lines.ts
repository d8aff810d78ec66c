/**
 * Does in a process what CloudWatch Logs does in AWS: turns embedded metric lines into metrics, off the path of requests.
 *
 * Bounded: while the sink does not take metrics, the oldest lines are forgotten.
 */
import type { MetricPoint, MetricSink } from '#usecases/ports/metric-sink.ts';

export interface MetricLines {
  /** Takes one line of a gateway's output. */
  take(line: string): void;
  /** Sends what is there now. */
  flush(): Promise<void>;
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
    flush,
    close() {
      clearInterval(timer);
      return flush();
    },
  };
}
