/** The witness of audit trails as a deployed function. */
import { processCredentials } from '#adapters/aws/aws-clients.ts';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { readDeployedSettings } from './deployed-settings.ts';
import { readEnvironment } from './environment.ts';
import { openWitness, type Witness } from './open-witness.ts';

export type DeployedWitness = Pick<Witness, 'run'>;

/** @throws an Error that names everything that is wrong with the environment */
export async function startDeployedWitness(): Promise<DeployedWitness> {
  const { config, endpoint } = readDeployedSettings(readEnvironment());
  const log = createJsonLineLog({ clock: systemClock, write: (line) => void process.stdout.write(line) });
  return openWitness({ config, endpoint, credentials: processCredentials(), log });
}
