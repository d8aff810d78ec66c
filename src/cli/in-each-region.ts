import type { SpillwayConfig } from '#contract/config.ts';
import type { CliStores } from '#runtime/cli-runtime.ts';
import type { CommandContext } from './command.ts';
import { openStores, tableFailure } from './open-stores.ts';
import { CommandFailure } from './usage-error.ts';

/**
 * Ends words one after the other, each with the tables of the region that wrote it: no region writes another's items.
 * Throws a CommandFailure at the first that cannot be ended, which says what was ended before.
 */
export async function inEachRegion<Word extends { readonly region: string }>(
  context: CommandContext,
  config: SpillwayConfig,
  words: readonly Word[],
  end: (
    stores: CliStores,
    word: Word,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; why: string }>,
): Promise<void> {
  const ended: string[] = [];
  const failure = (why: string, cause?: unknown): CommandFailure =>
    new CommandFailure(ended.length === 0 ? why : `Ended in ${ended.join(', ')} only. ${why}`, cause);
  for (const word of words) {
    const stores = await openStores(context, config, word.region);
    try {
      const result = await end(stores, word);
      if (!result.ok) throw failure(result.why);
      ended.push(word.region);
    } catch (error) {
      const known = error instanceof CommandFailure ? error : tableFailure(context, error);
      throw known instanceof CommandFailure && known !== error ? failure(known.message, error) : known;
    } finally {
      stores.close();
    }
  }
}
