import type { SpillwayConfig } from '#contract/config.ts';
import type { RegionArchive, TrailToRead } from '#usecases/audit-proof/read-trail.ts';
import type { CommandContext } from '../command.ts';
import { openAws } from '../open-deployment.ts';
import { CommandFailure } from '../usage-error.ts';

export interface OpenTrail extends Pick<TrailToRead, 'digest' | 'clock' | 'archives'> {
  close(): void;
}

/** The trails of all gateway regions. Fails where a region's account is not open. */
export async function openTrail(context: CommandContext, config: SpillwayConfig): Promise<OpenTrail> {
  const { runtime } = context;
  const aws = await openAws(context, config);
  const archives: (RegionArchive & { close(): void })[] = [];
  const close = (): void => {
    for (const archive of archives) archive.close();
    aws.close();
  };
  for (const region of config.gateways) {
    try {
      archives.push({ region, ...(await runtime.openArchive(config, aws, region)) });
    } catch (error) {
      close();
      throw new CommandFailure(`The trail of ${region} cannot be read: ${String(error)}`, error);
    }
  }
  return { archives, digest: runtime.digest, clock: runtime.clock, close };
}
