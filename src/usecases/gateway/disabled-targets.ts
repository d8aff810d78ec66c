import { disabledAt, type PlacedDisabledTarget } from '#core/plan/disabled-target.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import { bounded } from './bounded.ts';
import type { GatewayDependencies } from './gateway.ts';

/** As long as the routes beside it may take. */
const REFRESH_MS_MAX = 3000;
const none: ReadonlySet<string> = new Set();

/** What operators switched off, as it last came from the table. While the table is away the last word stands, to its end. */
export interface DisabledTargets {
  at(now: InstantMs): ReadonlySet<string>;
  /** For the next process. */
  all(): readonly PlacedDisabledTarget[];
  /** What the last process knew, until the table has answered. */
  restore(entries: readonly PlacedDisabledTarget[]): void;
  /** Never rejects. */
  refresh(): Promise<void>;
}

export function createDisabledTargets({
  operatorWords,
  clock,
  log,
  metrics,
}: Pick<GatewayDependencies, 'operatorWords' | 'clock' | 'log' | 'metrics'>): DisabledTargets {
  let entries: readonly PlacedDisabledTarget[] = [];
  let hasRead = false;
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
    // Nearly always nothing is switched off, and every attempt of every request asks.
    at: (now) => (entries.length === 0 ? none : disabledAt(entries, now)),
    all: () => entries,
    restore: (kept) => {
      if (!hasRead) entries = kept;
    },
    refresh: async () => {
      if (operatorWords === undefined) return;
      try {
        entries = await bounded(clock, REFRESH_MS_MAX, operatorWords.loadDisabled());
        hasRead = true;
        failing = false;
      } catch (error) {
        fail(error);
      }
    },
  };
}
