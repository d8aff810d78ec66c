/** Metrics and spans for others than CloudWatch, where somebody asked for them. What makes them is loaded only then. */
import { createEmfGatewayMetrics, pointsOfEmfLine } from '#adapters/aws/emf-gateway-metrics.ts';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { Gateway } from '#usecases/gateway/gateway.ts';
import type { MetricSink } from '#usecases/ports/metric-sink.ts';
import type { RequestSpans } from '#usecases/ports/request-spans.ts';
import { createMetricLines } from './metric-lines.ts';
import type { TelemetrySettings } from './telemetry-settings.ts';

export interface Telemetry {
  /** Undefined where no collector is configured. */
  readonly spans: RequestSpans | undefined;
  /** Takes each line of embedded metrics: what CloudWatch is told, others are told under the same names. */
  takeLine(line: string): void;
  /** Takes points that CloudWatch is told by a call. */
  readonly sink: MetricSink;
  /** All metrics in Prometheus's text format, up to now. */
  prometheusText(): Promise<string>;
  /** Sends the spans that wait, for who may be frozen between two requests. Never rejects. */
  flushSpans(): Promise<void>;
  /** Sends what is left, and stops. Never rejects. */
  close(): Promise<void>;
}

export interface TelemetryOptions extends TelemetrySettings {
  /** Name of the deployment. */
  readonly deployment: string;
  /** Where this process is. @default - it is in several */
  readonly region?: string | undefined;
  /** One origin that stands for every AWS service. @default AWS's own */
  readonly awsEndpoint?: string | undefined;
  /** Takes the lines that tell of lost spans, each with its end: of the log, and of embedded metrics. */
  readonly write: (line: string) => void;
}

/** A collector that does not answer holds nobody longer who waits for what is written behind answers. */
const FLUSH_MS_MAX = 1_000;

export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { createOtelTelemetry } = await import('#adapters/otel/otel-telemetry.ts');
  const tell = (line: string): void => {
    options.write(line);
    lines.take(line);
  };
  const metrics = createEmfGatewayMetrics({ clock: systemClock, write: tell });
  const log = createJsonLineLog({ clock: systemClock, write: options.write });
  const otel = createOtelTelemetry({
    ...options,
    onSpansLost(requests) {
      metrics.count('spans-lost');
      log.write('warn', 'spans-lost', { requests });
    },
  });
  const lines = createMetricLines({ sink: otel.sink, pointsOf: pointsOfEmfLine });
  return {
    spans: otel.spans,
    sink: otel.sink,
    takeLine: (line) => lines.take(line),
    async prometheusText() {
      await lines.flush();
      return otel.prometheusText();
    },
    flushSpans: () => otel.flushSpans(),
    async close() {
      await lines.close();
      await otel.close();
    },
  };
}

/** The same gateway: a shell that waits for what is written behind answers waits for their spans as well. */
export function withFlushedSpans(
  gateway: Gateway,
  telemetry: Pick<Telemetry, 'flushSpans'> | undefined,
): Gateway {
  if (telemetry === undefined) return gateway;
  return {
    ...gateway,
    async settled(msMax) {
      const flushed = within(telemetry.flushSpans(), msMax ?? FLUSH_MS_MAX);
      await Promise.all([gateway.settled(msMax), flushed]);
    },
  };
}

function within(work: Promise<void>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
