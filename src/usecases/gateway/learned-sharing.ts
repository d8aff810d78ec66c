import type { CarriedTerms } from '#core/chain/carried-terms.ts';
import { addLearned, isNothing, type Learned, nothingLearned } from '#core/learned/learned.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type {
  ChainBeginning,
  ChainCall,
  ChainPlace,
  LearnedStore,
  StoredLearned,
} from '../ports/learned-store.ts';
import type { Log } from '../ports/log.ts';
import { bounded } from './bounded.ts';
import type { TenantBook } from './tenant-book.ts';
import type { WriteBehind } from './write-behind.ts';

/** Between two tellings, and two readings, of one tenant by one process. */
const SHARE_EVERY_MS = 60_000;
/** Processes that began together do not write together for ever. */
const SPREAD_MS = 15_000;
/** While the table is away it is asked so often. */
const REST_MS = 30_000;
const CALL_MS_MAX = 500;
/** A request waits for it. */
const TERMS_MS_MAX = 100;
/** Writes that met others': each showed how things stand. What is not told then is told the next time. */
const TRIES_MAX = 3;

export interface SharingDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  readonly behind: Pick<WriteBehind, 'add'>;
}

interface Shared {
  stored: StoredLearned | 'unreadable' | undefined;
  /** Epoch milliseconds. */
  heardAt: number;
  tellFrom: number;
  hearing?: Promise<void> | undefined;
}

/** What the processes of a region tell each other of their tenants' calls. Never fails: without the table each knows its own. */
export class LearnedSharing {
  private readonly dependencies: SharingDependencies & { readonly store: LearnedStore };
  private readonly shared = new WeakMap<TenantBook, Shared>();
  private restUntil = 0;
  private failing = false;

  constructor(dependencies: SharingDependencies & { readonly store: LearnedStore }) {
    this.dependencies = dependencies;
  }

  /** The first reading, for who may wait for it; undefined where the others were heard, or cannot be. Never rejects. */
  hear(tenant: string, book: TenantBook): Promise<void> | undefined {
    const { clock, behind } = this.dependencies;
    const shared = this.of(book);
    const at = clock.now();
    if (at < this.restUntil || at - shared.heardAt < SHARE_EVERY_MS) return undefined;
    const isFirst = shared.heardAt === Number.NEGATIVE_INFINITY;
    if (shared.hearing === undefined) {
      shared.hearing = this.read(tenant, book).then(noWord, (error) => this.fail(error));
      shared.hearing.then(() => {
        shared.hearing = undefined;
      });
      behind.add(shared.hearing);
    }
    return isFirst ? shared.hearing : undefined;
  }

  tell(tenant: string, book: TenantBook, after: Promise<unknown> | undefined): void {
    const { clock, random, behind } = this.dependencies;
    const shared = this.of(book);
    const at = clock.now();
    if (at < this.restUntil || at < shared.tellFrom) return;
    if (after === undefined && !book.hasNews()) return;
    shared.tellFrom = at + SHARE_EVERY_MS + random.next() * SPREAD_MS;
    const counted = Promise.allSettled([after, shared.hearing]);
    behind.add(counted.then(() => this.write(tenant, book)).catch((error) => this.fail(error)));
  }

  /** The store did not do what it should: counted each time, told once. */
  private fail(error: unknown): void {
    const { metrics, clock } = this.dependencies;
    this.warn('learning-sharing-failed', { error: error instanceof Error ? error.name : 'unknown' });
    this.restUntil = clock.now() + REST_MS;
    metrics.count('learning-unshared');
  }

  /** The terms under which a chain began. Undefined where they are the call's own, or not known in time. Never rejects. */
  async begin(beginning: ChainBeginning): Promise<CarriedTerms | undefined> {
    const { store, clock } = this.dependencies;
    if (clock.now() < this.restUntil) return undefined;
    try {
      return await bounded(clock, TERMS_MS_MAX, store.begin(beginning));
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** Adds a call to its chain. Undefined where it could not be, or the table was away just now. Never rejects. */
  async note(call: ChainCall): Promise<ChainPlace | undefined> {
    const { store, clock } = this.dependencies;
    if (clock.now() < this.restUntil) return undefined;
    try {
      return await bounded(clock, CALL_MS_MAX, store.note(call));
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private of(book: TenantBook): Shared {
    const known = this.shared.get(book);
    if (known !== undefined) return known;
    const made = { stored: undefined, heardAt: Number.NEGATIVE_INFINITY, tellFrom: 0 };
    this.shared.set(book, made);
    return made;
  }

  private warn(event: string, facts: Readonly<Record<string, string>>): void {
    if (!this.failing) this.dependencies.log.write('warn', event, facts);
    this.failing = true;
  }

  private async read(tenant: string, book: TenantBook): Promise<void> {
    const { store, clock, metrics } = this.dependencies;
    const shared = this.of(book);
    const stored = await bounded(clock, CALL_MS_MAX, store.load(tenant));
    if (stored === 'unreadable') {
      this.warn('learned-item-unreadable', { tenant });
      metrics.count('bad-learned-item');
    } else this.failing = false;
    shared.heardAt = clock.now();
    shared.stored = stored;
    book.learn(learnedIn(stored));
  }

  private async write(tenant: string, book: TenantBook): Promise<void> {
    const shared = this.of(book);
    const isOld = this.dependencies.clock.now() - shared.heardAt >= SHARE_EVERY_MS;
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      if (isOld || tries > 0) await this.read(tenant, book);
      const news = book.takeNews();
      if (isNothing(news) || (await this.save({ tenant, book, news }))) return;
    }
  }

  private async save(of: {
    readonly tenant: string;
    readonly book: TenantBook;
    readonly news: Learned;
  }): Promise<boolean> {
    const { store, clock } = this.dependencies;
    const { tenant, book, news } = of;
    const shared = this.of(book);
    const { stored } = shared;
    const seen = stored === 'unreadable' ? stored : stored?.revision;
    const item = {
      revision: typeof seen === 'number' ? seen + 1 : 1,
      learned: addLearned(learnedIn(stored), news),
    };
    const saving = store.save(tenant, item, { seen, at: clock.now() });
    if (!(await bounded(clock, CALL_MS_MAX, saving))) return false;
    shared.stored = item;
    book.told(item.learned);
    return true;
  }
}

function learnedIn(stored: StoredLearned | 'unreadable' | undefined): Learned {
  return stored === undefined || stored === 'unreadable' ? nothingLearned : stored.learned;
}

const noWord = (): undefined => undefined;
