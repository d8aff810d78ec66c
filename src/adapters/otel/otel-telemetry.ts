/** Metrics and spans in the terms of OpenTelemetry: pushed to a collector, read by Prometheus. Loaded where it is wanted only. */
import { randomUUID } from 'node:crypto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type IMetricReader,
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { MetricSink } from '#usecases/ports/metric-sink.ts';
import type { RequestSpans } from '#usecases/ports/request-spans.ts';
import { createOtelMetricSink } from './otel-metric-sink.ts';
import { createSpanQueue, type SpanQueue } from './span-queue.ts';
import { spansOfRequest } from './spans-of-request.ts';

const METRICS_EVERY_MS = 10_000;
/** A collector that does not answer is given up before the next round. */
const CALL_MS_MAX = 5_000;
const PROMETHEUS_PREFIX = 'spillway';

export interface OtelTelemetryOptions {
  /** Name of the deployment. */
  readonly deployment: string;
  /** Where this process is. @default - it is in several */
  readonly region?: string | undefined;
  /** The collector's base URL, without `/v1/traces`. @default - nothing is pushed */
  readonly otlpEndpoint?: string | undefined;
  /** Of the traces that begin here, the share that is recorded: 0 to 1. */
  readonly rootShare: number;
  /** One origin that stands for every AWS service. @default AWS's own */
  readonly awsEndpoint?: string | undefined;
  /** Told of requests whose spans are lost. */
  readonly onSpansLost: (requests: number) => void;
}

export interface OtelTelemetry {
  readonly sink: MetricSink;
  /** Undefined where nothing is pushed: Prometheus takes no spans. */
  readonly spans: RequestSpans | undefined;
  /** All metrics in Prometheus's text format. */
  prometheusText(): Promise<string>;
  /** Sends the spans that wait. Never rejects. */
  flushSpans(): Promise<void>;
  /** Sends what is left, and stops. Never rejects. */
  close(): Promise<void>;
}

export function createOtelTelemetry(options: OtelTelemetryOptions): OtelTelemetry {
  const { otlpEndpoint } = options;
  const resource = resourceOf(options);
  const scrape = new ScrapedReader();
  const readers: IMetricReader[] = [scrape];
  if (otlpEndpoint !== undefined) readers.push(pushingReader(otlpEndpoint));
  const provider = new MeterProvider({ resource, readers });
  const queue = otlpEndpoint === undefined ? undefined : openQueue(options, otlpEndpoint, resource);
  const serializer = new PrometheusSerializer(PROMETHEUS_PREFIX, false, undefined, false, true);
  return {
    sink: createOtelMetricSink(provider),
    spans: queue && { rootShare: options.rootShare, ended: (request) => queue.add(request) },
    async prometheusText() {
      const { resourceMetrics } = await scrape.collect();
      return serializer.serialize(resourceMetrics);
    },
    flushSpans: async () => queue?.flush(),
    async close() {
      // A collector that is gone keeps nobody from stopping.
      await Promise.allSettled([queue?.close(), provider.shutdown()]);
    },
  };
}

function openQueue(options: OtelTelemetryOptions, otlpEndpoint: string, resource: Resource): SpanQueue {
  const exporter = new OTLPTraceExporter({
    url: signalUrl(otlpEndpoint, 'traces'),
    timeoutMillis: CALL_MS_MAX,
  });
  const origin = { resource, endpoint: options.awsEndpoint };
  return createSpanQueue({
    exporter,
    spansOf: (request) => spansOfRequest(request, origin),
    onLost: options.onSpansLost,
  });
}

function pushingReader(otlpEndpoint: string): PeriodicExportingMetricReader {
  const exporter = new OTLPMetricExporter({
    url: signalUrl(otlpEndpoint, 'metrics'),
    timeoutMillis: CALL_MS_MAX,
  });
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: METRICS_EVERY_MS,
    exportTimeoutMillis: CALL_MS_MAX,
  });
}

/** As the specification makes a signal's URL from the base. */
function signalUrl(base: string, signal: 'traces' | 'metrics'): string {
  return `${base.replace(/\/+$/, '')}/v1/${signal}`;
}

function resourceOf({ deployment, region }: OtelTelemetryOptions): Resource {
  return resourceFromAttributes({
    'service.name': 'spillway-gateway',
    'service.namespace': deployment,
    // Processes count each for themselves.
    'service.instance.id': randomUUID(),
    'cloud.provider': 'aws',
    ...(region === undefined ? {} : { 'cloud.region': region }),
  });
}

/** Read when somebody asks. */
class ScrapedReader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }
  protected async onForceFlush(): Promise<void> {
    // Nothing waits here.
  }
  protected async onShutdown(): Promise<void> {
    // Nothing is open here.
  }
}
