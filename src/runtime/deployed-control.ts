/** The control loop of a deployed function: its environment, its own credentials, its log stream. */
import { processCredentials } from '#adapters/aws/aws-clients.ts';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { type ControlRuntime, createControlRuntime, type Place } from './control-runtime.ts';
import { readDeployedSettings } from './deployed-settings.ts';
import { readEnvironment } from './environment.ts';
import { shippedFacts } from './facts-data.ts';

export interface DeployedControl extends ControlRuntime {
  /** Where the function runs. */
  readonly own: Place;
}

/** @throws an Error that names everything that is wrong with the environment */
export function startDeployedControl(): DeployedControl {
  const { account, region, config, endpoint } = readDeployedSettings(readEnvironment());
  const own = processCredentials();
  const runtime = createControlRuntime({
    config,
    facts: shippedFacts(),
    region,
    credentialsFor: () => own,
    endpoint,
    log: createJsonLineLog({
      clock: systemClock,
      write: (line) => void process.stdout.write(line),
    }),
  });
  return { ...runtime, own: { account, region } };
}
