/** The gateway as a Web Function: an HTTP server in an environment that is sent many requests at a time. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledConsole } from '#runtime/bundled-console.ts';
import { readDeployedSettings } from '#runtime/deployed-settings.ts';
import { openDeployedTelemetry } from '#runtime/deployed-telemetry.ts';
import { readEnvironment } from '#runtime/environment.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { createGatewayRuntime } from '#runtime/gateway-runtime.ts';
import { serveWebFunction } from './serve-web-function.ts';

const environment = readEnvironment();
const settings = readDeployedSettings(environment);
const telemetry = await openDeployedTelemetry(environment, settings);

await serveWebFunction({
  address: environment.AWS_LAMBDA_HTTP_ENDPOINT,
  runtime: createGatewayRuntime({
    ...{ ...settings, telemetry },
    facts: shippedFacts(),
    lastGoodDirectory: join(tmpdir(), 'spillway'),
    readConsole: bundledConsole(settings.config, environment),
    servesMany: true,
    // The function behind the front door and the dispatchers count the same slots, one by one.
    capacityLedger: 'pages',
  }),
  hasTenantKeys: Object.values(settings.config.tenants).some(({ keys }) => keys.length > 0),
  atEnd: (end) => {
    const close = () => end().finally(() => telemetry?.close());
    process.once('SIGTERM', () => void close().finally(() => process.exit()));
  },
});
