/** The gateway as a function with response streaming, behind API Gateway (REST) or a function URL. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledConsole } from '#runtime/bundled-console.ts';
import { readDeployedSettings } from '#runtime/deployed-settings.ts';
import { openDeployedTelemetry } from '#runtime/deployed-telemetry.ts';
import { readEnvironment } from '#runtime/environment.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { createGatewayRuntime } from '#runtime/gateway-runtime.ts';
import type { Gateway } from '#usecases/gateway/gateway.ts';
import { createGatewayHandler } from './create-gateway-handler.ts';

async function startDeployed(): Promise<Gateway> {
  const environment = readEnvironment();
  const settings = readDeployedSettings(environment);
  const { gateway } = createGatewayRuntime({
    ...settings,
    telemetry: await openDeployedTelemetry(environment, settings),
    facts: shippedFacts(),
    // The function's temporary storage outlives a process that is started again in the same environment.
    lastGoodDirectory: join(tmpdir(), 'spillway'),
    readConsole: bundledConsole(settings.config, environment),
  });
  await gateway.start();
  return gateway;
}

export const handler = createGatewayHandler(startDeployed);
