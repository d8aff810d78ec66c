import type { Clock } from '../ports/clock.ts';
import type { KeySetSource, LastGoodKeySets } from '../ports/key-set-source.ts';
import type { Log } from '../ports/log.ts';
import type { KeySet } from '../ports/token-verifier.ts';
import { bounded } from './bounded.ts';

/** Issuers announce a new key well before they sign with it. */
const FRESH_MS_MAX = 600_000;
/** A token of an unknown key has the set loaded again, but not every token. */
const RELOAD_MS_MIN = 30_000;
const LOAD_MS_MAX = 3_000;
/** How long a request waits where there is no key to judge its token by. */
const REQUEST_MS_MAX = 1_000;
const START_MS_MAX = 250;

export interface KeySets {
  /** At once; an old set is loaded anew in the background. Undefined where none was ever loaded. */
  current(url: string): KeySet | undefined;
  /** The set after another try, unless one has just been made; whatever is known where it fails. Never rejects. */
  reload(url: string): Promise<KeySet | undefined>;
  /** True when the last try worked and is not long ago: a key that is not in the set does not exist. */
  isSure(url: string): boolean;
  /** Loads every set, waiting at most 250 ms. Never rejects. */
  start(): Promise<void>;
}

export interface KeySetsDependencies {
  readonly source: KeySetSource;
  readonly lastGood: LastGoodKeySets;
  readonly clock: Clock;
  readonly log: Log;
}

interface Held {
  readonly keySet?: KeySet | undefined;
  /** When the last try ended, and whether it worked. */
  readonly triedAt?: number | undefined;
  readonly failed: boolean;
  readonly loading?: Promise<void> | undefined;
}

/** Public keys of issuers, stale where they cannot be had anew: an issuer that is down locks nobody out. */
export function createKeySets(dependencies: KeySetsDependencies, urls: readonly string[]): KeySets {
  const { source, lastGood, clock, log } = dependencies;
  const held = new Map<string, Held>(urls.map((url) => [url, { failed: false }]));
  const of = (url: string): Held => held.get(url) ?? { failed: false };
  const ageMs = ({ triedAt }: Held): number => (triedAt === undefined ? Infinity : clock.now() - triedAt);

  const load = async (url: string): Promise<void> => {
    try {
      const keySet = await bounded(clock, LOAD_MS_MAX, source.load(url));
      held.set(url, { keySet, triedAt: clock.now(), failed: false });
      void save();
    } catch (error) {
      if (!of(url).failed)
        log.write('warn', 'key-set-load-failed', {
          url,
          error: error instanceof Error ? error.name : 'unknown',
        });
      held.set(url, { keySet: of(url).keySet, triedAt: clock.now(), failed: true });
    }
  };
  const loadOnce = (url: string): Promise<void> => {
    const known = of(url);
    if (known.loading !== undefined) return known.loading;
    const loading = load(url);
    held.set(url, { ...known, loading });
    return loading;
  };
  const save = async (): Promise<void> => {
    const sets = [...held].flatMap(([url, { keySet }]) =>
      keySet === undefined ? [] : [[url, keySet] as const],
    );
    await lastGood.save(new Map(sets)).catch(() => undefined);
  };
  const loadLastGood = async (): Promise<void> => {
    const kept = await lastGood.load().catch(() => undefined);
    for (const [url, known] of held)
      if (known.keySet === undefined) held.set(url, { ...known, keySet: kept?.get(url) });
  };
  const patiently = (milliseconds: number, work: Promise<unknown>) =>
    bounded(clock, milliseconds, work).catch(() => undefined);

  return {
    current: (url) => {
      const known = of(url);
      if (known.keySet !== undefined && ageMs(known) > FRESH_MS_MAX) void loadOnce(url);
      return known.keySet;
    },
    reload: async (url) => {
      if (ageMs(of(url)) >= RELOAD_MS_MIN) await patiently(REQUEST_MS_MAX, loadOnce(url));
      return of(url).keySet;
    },
    isSure: (url) => {
      const known = of(url);
      return known.keySet !== undefined && !known.failed && ageMs(known) <= FRESH_MS_MAX;
    },
    start: async () => {
      await patiently(START_MS_MAX, Promise.all([loadLastGood(), ...urls.map(loadOnce)]));
    },
  };
}
