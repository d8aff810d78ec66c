import { strictestWords } from '#core/controls/strictest-words.ts';
import { disabledAt, type PlacedDisabledTarget } from '#core/plan/disabled-target.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import { bounded } from './bounded.ts';
import type { GatewayDependencies } from './gateway.ts';

/** As long as the routes beside it may take. */
const REFRESH_MS_MAX = 3000;
const none: ReadonlySet<string> = new Set();

/** What operators switched off, as it last came from the tables. While a table is away its last word stands, to its end. */
export interface DisabledTargets {
  at(now: InstantMs): ReadonlySet<string>;
  /** For the next process. */
  all(): readonly PlacedDisabledTarget[];
  /** What the last process knew, until the tables have answered. */
  restore(entries: readonly PlacedDisabledTarget[]): void;
  /** Never rejects. */
  refresh(): Promise<void>;
}

type Dependencies = Pick<GatewayDependencies, 'operatorWords' | 'controls' | 'clock' | 'log' | 'metrics'>;

export function createDisabledTargets(dependencies: Dependencies): DisabledTargets {
  const { operatorWords, controls } = dependencies;
  const copies = [operatorWords, controls]
    .filter((store) => store !== undefined)
    .map((store) => wordsOf(store, dependencies));
  let restored: readonly PlacedDisabledTarget[] = [];
  let entries: readonly PlacedDisabledTarget[] = [];
  const hasRead = (): boolean => copies.length > 0 && copies.every((copy) => copy.hasRead());
  const put = (): void => {
    if (hasRead()) restored = [];
    entries = strictestWords([restored, ...copies.map((copy) => copy.last())], ({ target }) => target);
  };
  return {
    // Nearly always nothing is switched off, and every attempt of every request asks.
    at: (now) => (entries.length === 0 ? none : disabledAt(entries, now)),
    all: () => entries,
    restore: (kept) => {
      if (hasRead()) return;
      restored = kept;
      put();
    },
    refresh: async () => {
      await Promise.all(copies.map((copy) => copy.read()));
      put();
    },
  };
}

/** The words of one table. One that is away takes nothing from what the other says. */
function wordsOf(store: NonNullable<Dependencies['operatorWords']>, { clock, log, metrics }: Dependencies) {
  let words: readonly PlacedDisabledTarget[] = [];
  let begun = 0;
  /** The read whose answer is held; 0: none yet. */
  let held = 0;
  let failing = false;
  const fail = (error: unknown): void => {
    if (!failing)
      log.write('warn', 'disabled-targets-refresh-failed', {
        error: error instanceof Error ? error.name : 'unknown',
      });
    failing = true;
    metrics.count('refresh-failed');
  };
  return {
    hasRead: () => held > 0,
    last: () => words,
    async read(): Promise<void> {
      begun += 1;
      const own = begun;
      try {
        const read = await bounded(clock, REFRESH_MS_MAX, store.loadDisabled());
        failing = false;
        // A read that began earlier and ends later may not know what a later one saw.
        if (own < held) return;
        words = read;
        held = own;
      } catch (error) {
        fail(error);
      }
    },
  };
}
