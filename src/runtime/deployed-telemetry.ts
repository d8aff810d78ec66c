import type { DeployedSettings } from './deployed-settings.ts';
import type { Environment } from './environment.ts';
import { openTelemetry, type Telemetry } from './open-telemetry.ts';
import { telemetrySettings } from './telemetry-settings.ts';

/**
 * Of a deployed function, where a collector is configured; undefined elsewhere, and where the environment's word on it cannot
 * be used: callers are answered whether or not anybody traces them.
 */
export async function openDeployedTelemetry(
  environment: Environment,
  { config, region, endpoint }: Pick<DeployedSettings, 'config' | 'region' | 'endpoint'>,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Promise<Telemetry | undefined> {
  try {
    const settings = telemetrySettings(environment, config.observability.otlp);
    if (settings.otlpEndpoint === undefined) return undefined;
    return await openTelemetry({
      ...settings,
      ...{ deployment: config.name, region, awsEndpoint: endpoint, write },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    write(`${JSON.stringify({ level: 'error', event: 'telemetry-unusable', reason })}\n`);
    return undefined;
  }
}
