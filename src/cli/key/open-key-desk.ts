import type { SpillwayConfig } from '#contract/config.ts';
import type { KeyDesk } from '#runtime/key-desk.ts';
import type { CommandContext } from '../command.ts';
import { openAws } from '../open-deployment.ts';
import { checkHomeReached } from '../open-stores.ts';

/** The keys of the deployment; with a failure that says what to do. */
export async function openKeyDesk(context: CommandContext, config: SpillwayConfig): Promise<KeyDesk> {
  const aws = await openAws(context, config);
  checkHomeReached(aws, config);
  const desk = context.runtime.openKeyDesk(config, aws);
  return {
    ...desk,
    close: () => {
      desk.close();
      aws.close();
    },
  };
}
