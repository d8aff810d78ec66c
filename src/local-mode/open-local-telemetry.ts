/** Prometheus and OpenTelemetry of local mode, where somebody asked for them. */
import type { SpillwayConfig } from '#contract/config.ts';
import { openTelemetry, type Telemetry } from '#runtime/open-telemetry.ts';
import type { TelemetrySettings } from '#runtime/telemetry-settings.ts';
import { openMetricsDoor } from '#server/metrics-door.ts';
import type { Announcer } from './announce.ts';
import { listenFailure } from './bad-start.ts';
import type { OpenParts } from './open-parts.ts';

export interface LocalTelemetryRequest {
  readonly config: SpillwayConfig;
  readonly awsUrl: string;
  /** Where spans are pushed, and which. */
  readonly settings: TelemetrySettings;
  readonly metricsPort: number | undefined;
  /** Takes lines of embedded metrics. */
  readonly write: (line: string) => void;
  readonly parts: OpenParts;
  readonly tell: Announcer['tell'];
}

/** Undefined where nobody asked. @throws BadStart when the port cannot be had */
export async function openLocalTelemetry(request: LocalTelemetryRequest): Promise<Telemetry | undefined> {
  const { config, awsUrl, settings, metricsPort, write, parts, tell } = request;
  if (metricsPort === undefined && settings.otlpEndpoint === undefined) return undefined;
  const telemetry = parts.add(
    await openTelemetry({ ...settings, deployment: config.name, awsEndpoint: awsUrl, write }),
  );
  if (metricsPort !== undefined) {
    const onDefect = (error: unknown): void =>
      tell({
        event: 'problem',
        part: 'metrics',
        message: error instanceof Error ? error.message : String(error),
      });
    try {
      const text = () => telemetry.prometheusText();
      const door = parts.add(await openMetricsDoor({ text, port: metricsPort, onDefect }));
      tell({ event: 'metrics', url: `${door.url}/metrics` });
    } catch (error) {
      throw listenFailure(error, { option: '--metrics-port', first: metricsPort, count: 1 });
    }
  }
  return telemetry;
}
