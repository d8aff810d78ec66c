/**
 * cli/overrides: what operators said against plan and discovery, and how people read it.
 *
 * Invariant: it shows what stands, in every region, as gateways and plan read it. It owns no state.
 */
import type { PlacedDisabledTarget } from '#core/plan/disabled-target.ts';
import type { PlacedHold } from '#core/plan/route.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { CliStores } from '#runtime/cli-runtime.ts';

/** What stands: pinned or rolled-back routes, and disabled targets, by their end. */
export interface Overrides {
  readonly holds: readonly PlacedHold[];
  readonly disabled: readonly PlacedDisabledTarget[];
}

export async function readOverrides(
  { routes, words }: Pick<CliStores, 'routes' | 'words'>,
  now: InstantMs,
): Promise<Overrides> {
  const [holds, disabled] = await Promise.all([routes.loadHolds(), words.loadDisabled()]);
  return { holds: standing(holds, now), disabled: standing(disabled, now) };
}

/** An end that cannot be read has not come, as for gateways. */
function standing<Word extends { readonly until: string }>(
  words: readonly Word[],
  now: InstantMs,
): readonly Word[] {
  return words
    .filter(({ until }) => !(Date.parse(until) <= now))
    .sort((left, right) => (left.until < right.until ? -1 : 1));
}
