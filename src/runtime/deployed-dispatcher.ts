/** The dispatcher of a deployed function: a gateway of its own that has no door, and the queues of its region. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gateway } from '#usecases/gateway/gateway.ts';
import { readDeployedSettings } from './deployed-settings.ts';
import { openDeployedTelemetry } from './deployed-telemetry.ts';
import { readEnvironment } from './environment.ts';
import { shippedFacts } from './facts-data.ts';
import { createGatewayRuntime } from './gateway-runtime.ts';
import { createDispatcher, type Dispatcher } from './open-batches.ts';

export interface DeployedDispatcher extends Pick<Dispatcher, 'dispatch'>, Pick<Gateway, 'settled'> {
  /** The longest that a call of a line may take. */
  readonly callMsMax: number;
}

/** @throws an Error that names everything that is wrong with the environment, or says that batches are switched off */
export async function startDeployedDispatcher(): Promise<DeployedDispatcher> {
  const environment = readEnvironment();
  const settings = readDeployedSettings(environment);
  const { config } = settings;
  const { gateway, openBatches } = createGatewayRuntime({
    ...{ ...settings, telemetry: await openDeployedTelemetry(environment, settings) },
    facts: shippedFacts(),
    // Lines of files wait in a line for slots, which the functions beside it count by pages.
    servesMany: true,
    capacityLedger: 'pages',
    lastGoodDirectory: join(tmpdir(), 'spillway'),
  });
  if (openBatches === undefined)
    throw new Error('batches.enabled is false in the configuration of this function');
  await gateway.start();
  const { dispatch } = createDispatcher({ gateway, config, open: openBatches });
  const totals = [config.deadlines, ...Object.values(config.models).map(({ deadlines }) => deadlines)];
  return {
    dispatch,
    settled: () => gateway.settled(),
    callMsMax: Math.max(...totals.map(({ totalMs }) => totalMs)),
  };
}
