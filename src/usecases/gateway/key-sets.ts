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
  return new HeldKeySets(dependencies, urls);
}

class HeldKeySets implements KeySets {
  readonly #dependencies: KeySetsDependencies;
  readonly #held: Map<string, Held>;

  constructor(dependencies: KeySetsDependencies, urls: readonly string[]) {
    this.#dependencies = dependencies;
    this.#held = new Map(urls.map((url) => [url, { failed: false }]));
  }

  current(url: string): KeySet | undefined {
    const held = this.#of(url);
    if (held.keySet !== undefined && this.#ageMs(held) > FRESH_MS_MAX) void this.#loadOnce(url);
    return held.keySet;
  }

  async reload(url: string): Promise<KeySet | undefined> {
    if (this.#ageMs(this.#of(url)) >= RELOAD_MS_MIN)
      await this.#patiently(REQUEST_MS_MAX, this.#loadOnce(url));
    return this.#of(url).keySet;
  }

  isSure(url: string): boolean {
    const held = this.#of(url);
    return held.keySet !== undefined && !held.failed && this.#ageMs(held) <= FRESH_MS_MAX;
  }

  async start(): Promise<void> {
    const loading = [...this.#held.keys()].map((url) => this.#loadOnce(url));
    await this.#patiently(START_MS_MAX, Promise.all([this.#loadLastGood(), ...loading]));
  }

  #of(url: string): Held {
    return this.#held.get(url) ?? { failed: false };
  }

  #ageMs({ triedAt }: Held): number {
    return triedAt === undefined ? Infinity : this.#dependencies.clock.now() - triedAt;
  }

  #loadOnce(url: string): Promise<void> {
    const held = this.#of(url);
    if (held.loading !== undefined) return held.loading;
    const loading = this.#load(url);
    this.#held.set(url, { ...held, loading });
    return loading;
  }

  async #load(url: string): Promise<void> {
    const { source, clock } = this.#dependencies;
    try {
      const keySet = await bounded(clock, LOAD_MS_MAX, source.load(url));
      this.#held.set(url, { keySet, triedAt: clock.now(), failed: false });
      void this.#save();
    } catch (error) {
      this.#failed(url, error);
    }
  }

  /** Told once, until a try works again. */
  #failed(url: string, error: unknown): void {
    const { clock, log } = this.#dependencies;
    const { keySet, failed } = this.#of(url);
    const name = error instanceof Error ? error.name : 'unknown';
    if (!failed) log.write('warn', 'key-set-load-failed', { url, error: name });
    this.#held.set(url, { keySet, triedAt: clock.now(), failed: true });
  }

  async #save(): Promise<void> {
    const sets = [...this.#held].flatMap(([url, { keySet }]) =>
      keySet === undefined ? [] : [[url, keySet] as const],
    );
    await this.#dependencies.lastGood.save(new Map(sets)).catch(() => undefined);
  }

  async #loadLastGood(): Promise<void> {
    const kept = await this.#dependencies.lastGood.load().catch(() => undefined);
    for (const [url, held] of this.#held)
      if (held.keySet === undefined) this.#held.set(url, { ...held, keySet: kept?.get(url) });
  }

  #patiently(milliseconds: number, work: Promise<unknown>): Promise<unknown> {
    return bounded(this.#dependencies.clock, milliseconds, work).catch(() => undefined);
  }
}
