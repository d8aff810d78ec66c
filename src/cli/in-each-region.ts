import type { SpillwayConfig } from '#contract/config.ts';
import type { CliStores, OperationResult } from '#runtime/cli-runtime.ts';
import type { CommandContext } from './command.ts';
import { openStores, tableFailure } from './open-stores.ts';
import { CommandFailure } from './usage-error.ts';

/**
 * Ends words one after the other, each with the tables of the region that wrote it: no region writes another's items.
 * Throws a CommandFailure at the first that cannot be ended, which says what was ended before.
 */
export async function inEachRegion(
  context: CommandContext,
  {
    config,
    words,
    end,
  }: {
    readonly config: SpillwayConfig;
    readonly words: readonly { readonly region: string }[];
    readonly end: (stores: CliStores) => Promise<OperationResult<unknown>>;
  },
): Promise<void> {
  const ended: string[] = [];
  for (const { region } of words) {
    const why = await failureIn(context, { config, region, end });
    if (why !== undefined)
      throw new CommandFailure(ended.length === 0 ? why : `Ended in ${ended.join(', ')} only. ${why}`);
    ended.push(region);
  }
}

/** Why it could not be done there, in words; what nobody foresaw is thrown. */
async function failureIn(
  context: CommandContext,
  {
    config,
    region,
    end,
  }: { readonly region: string } & Pick<Parameters<typeof inEachRegion>[1], 'config' | 'end'>,
): Promise<string | undefined> {
  const stores = await openStores(context, config, region);
  try {
    const result = await end(stores);
    return result.ok ? undefined : result.why;
  } catch (error) {
    const known = tableFailure(context, error);
    if (known instanceof CommandFailure) return known.message;
    throw known;
  } finally {
    stores.close();
  }
}
