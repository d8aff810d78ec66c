import type { Target } from '#core/target.ts';
import { isBelieved, type WarmWord } from '#core/warmth/warm-word.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { Log } from '../ports/log.ts';
import type { WarmStore } from '../ports/warm-store.ts';
import { bounded } from './bounded.ts';
import type { WriteBehind } from './write-behind.ts';

/** Between two tellings of the same of one target. */
const TELL_EVERY_MS = 5_000;
const CALL_MS_MAX = 500;
/** Far more than a region has targets that sleep. */
const WORDS_MAX = 1_000;

/**
 * What the processes of a region tell each other of sleeping targets, so that one that has woken is used by all, and one
 * without a copy is met by one of them. Written on such events only, read with the routes; without the table each process
 * knows what it met.
 */
export interface WarmSharing {
  /** It said that it has no capacity. */
  wentCold(target: Target): void;
  /** It answered a request: news where somebody has just told that it is cold. */
  answered(target: Target): void;
  /** It answered although discovery found no copy in service. */
  woke(target: Target): void;
  /** Reads what the others told. Never rejects. */
  refresh(): Promise<void>;
}

export interface WarmSharingDependencies {
  /** @default - every process by itself */
  readonly warmth?: WarmStore | undefined;
  /** Takes a word that others told and that is believed. */
  readonly onWord: (word: WarmWord) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  readonly behind: Pick<WriteBehind, 'add'>;
}

export function createWarmSharing(dependencies: WarmSharingDependencies): WarmSharing {
  const { warmth: store } = dependencies;
  if (store !== undefined) return new TableWarmth(dependencies, store);
  const nobody = (): void => undefined;
  return { wentCold: nobody, answered: nobody, woke: nobody, refresh: () => Promise.resolve() };
}

class TableWarmth implements WarmSharing {
  readonly #dependencies: WarmSharingDependencies;
  readonly #store: WarmStore;
  /** The last word of each target, by its id. */
  readonly #words = new Map<string, WarmWord>();
  #failing = false;

  constructor(dependencies: WarmSharingDependencies, store: WarmStore) {
    this.#dependencies = dependencies;
    this.#store = store;
  }

  wentCold(target: Target): void {
    this.#tell(target, 'cold');
  }

  answered(target: Target): void {
    // Nearly always nobody has told of anything.
    if (this.#words.size > 0 && this.#words.get(target.id)?.kind === 'cold') this.#tell(target, 'awake');
  }

  woke(target: Target): void {
    this.#tell(target, 'awake');
  }

  async refresh(): Promise<void> {
    const { clock, metrics, onWord } = this.#dependencies;
    try {
      const { words, badWords } = await bounded(clock, CALL_MS_MAX, this.#store.load());
      this.#failing = false;
      const at = clock.now();
      if (badWords > 0) metrics.count('bad-learned-item');
      for (const [id, word] of this.#words) if (!isBelieved(word, at)) this.#words.delete(id);
      for (const word of words.filter((each) => isBelieved(each, at)).slice(0, WORDS_MAX)) {
        if (word.at <= (this.#words.get(word.target)?.at ?? 0)) continue;
        this.#words.set(word.target, word);
        onWord(word);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #tell({ id, quotaPool }: Target, kind: WarmWord['kind']): void {
    const { clock, behind } = this.#dependencies;
    const at = clock.now();
    const last = this.#words.get(id);
    if (last?.kind === kind && at - last.at < TELL_EVERY_MS) return;
    const word: WarmWord = { target: id, pool: quotaPool, kind, at };
    this.#words.set(id, word);
    behind.add(bounded(clock, CALL_MS_MAX, this.#store.tell(word)).catch((error) => this.#fail(error)));
  }

  /** Counted each time, told once. */
  #fail(error: unknown): void {
    const { log, metrics } = this.#dependencies;
    if (!this.#failing)
      log.write('warn', 'warmth-sharing-failed', { error: error instanceof Error ? error.name : 'unknown' });
    this.#failing = true;
    metrics.count('learning-unshared');
  }
}
