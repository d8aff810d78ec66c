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
  /** Never rejects. */
  readonly refresh: () => Promise<void>;
}

export function createDisabledTargets({
  operatorWords,
  clock,
  log,
  metrics,
}: Pick<GatewayDependencies, 'operatorWords' | 'clock' | 'log' | 'metrics'>): DisabledTargets {
  let entries: readonly PlacedDisabledTarget[] = [];
  let failing = false;
  const load = async (): Promise<void> => {
    if (operatorWords === undefined) return;
    try {
      entries = await bounded(clock, REFRESH_MS_MAX, operatorWords.loadDisabled());
      failing = false;
    } catch (error) {
      if (!failing)
        log.write('warn', 'disabled-targets-refresh-failed', {
          error: error instanceof Error ? error.name : 'unknown',
        });
      failing = true;
      metrics.count('refresh-failed');
    }
  };
  // Nearly always nothing is switched off, and every attempt of every request asks.
  return { at: (now) => (entries.length === 0 ? none : disabledAt(entries, now)), refresh: load };
}
