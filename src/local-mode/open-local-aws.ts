/** The stand-in AWS of local mode, with the faults that a file asks for from the start. */
import { readFileSync } from 'node:fs';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { ControlError, type ControlResource } from '#local/service.ts';
import { BadStart, listenFailure } from './bad-start.ts';
import type { GatewayServers } from './gateway-servers.ts';
import type { LocalModeOptions } from './options.ts';

/**
 * @param controls what local mode itself has under the control API
 * @throws BadStart
 */
export async function openLocalAws(
  options: LocalModeOptions,
  servers: GatewayServers,
  controls: readonly ControlResource[],
): Promise<LocalAws> {
  const faults = options.faultsFile === undefined ? undefined : readFaults(options.faultsFile);
  try {
    return await createLocalAws({
      port: options.awsPort,
      controls,
      ...(faults === undefined ? {} : { faults }),
      gateways: {
        regions: Object.keys(servers.urls),
        urls: servers.urls,
        setUp: (region, up) => servers.setUp(region, up),
      },
    });
  } catch (error) {
    if (error instanceof ControlError)
      throw new BadStart(`${options.faultsFile} holds rules that mean nothing here: ${error.message}`, true);
    throw listenFailure(error, { option: '--aws-port', first: options.awsPort, count: 1 });
  }
}

function readFaults(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BadStart(
      `--faults ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      true,
    );
  }
}
