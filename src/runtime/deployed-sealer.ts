/** The sealer of a deployed function: the chain of its region. */
import { processCredentials } from '#adapters/aws/aws-clients.ts';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { readDeployedSettings } from './deployed-settings.ts';
import { readEnvironment } from './environment.ts';
import { openSealing, type SealingRuntime } from './open-audit.ts';

export type DeployedSealer = Pick<SealingRuntime, 'seal'>;

/** @throws an Error that names everything that is wrong with the environment */
export async function startDeployedSealer(): Promise<DeployedSealer> {
  const settings = readDeployedSettings(readEnvironment());
  const log = createJsonLineLog({ clock: systemClock, write: (line) => void process.stdout.write(line) });
  return openSealing({ ...settings, credentials: processCredentials(), log });
}
