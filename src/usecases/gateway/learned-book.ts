import {
  type ChainCounts,
  modelsForetold,
  noChains,
  withChain,
  withModel,
} from '#core/chain/chain-counts.ts';
import {
  addLearned,
  chainsCounted,
  isNothing,
  KINDS_MAX,
  type Learned,
  nothingLearned,
} from '#core/learned/learned.ts';
import { addLength, expectedOutput, noLengths, type OutputLengths } from '#core/tokens/output-quantiles.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { ChainCall, ChainPlace, LearnedStore } from '../ports/learned-store.ts';
import type { Log } from '../ports/log.ts';
import { LearnedSharing } from './learned-sharing.ts';
import { RecentEntries } from './recent-entries.ts';
import type { WriteBehind } from './write-behind.ts';

/** Some kilobytes each. */
const TENANTS_MAX = 1_000;

/** Answers that are likely to be of about one length. */
export interface AnswerKind {
  readonly tenant: string;
  /** The logical model. */
  readonly model: string;
  /** The path of the API that was called. */
  readonly route: string;
}

/** When a beginning is trusted to foretell a model. */
interface ChainSettings {
  readonly chainsMin: number;
  readonly neededShareMin: number;
}

/**
 * What is known of each tenant's calls: what this process saw, and what the others of its gateway region told. Nothing of
 * one tenant is ever used for another.
 */
export interface LearnedBook {
  /** Tokens that nine of ten such answers do not exceed, and never more than the call allows. */
  expectedOutput(kind: AnswerKind, maxTokens: number): number;
  /** One answer came to its end. */
  answered(kind: AnswerKind, answer: { readonly outputTokens: number; readonly maxTokens: number }): void;
  /** @param beginning how the chain began: see `beginningOf` */
  chainBegan(tenant: string, beginning: string): void;
  /** A chain that began so called the model for the first time. */
  chainCalled(tenant: string, beginning: string, model: string): void;
  /** All chains of the tenant that are counted. A promise as for `foretold`. */
  chainsOf(tenant: string): number | Promise<number>;
  /**
   * Models that a chain which begins so will probably need, the likeliest first. A promise where the process has not heard
   * yet what the others know of the tenant: never rejects, and no call should wait for it.
   */
  foretold(tenant: string, beginning: string): readonly string[] | Promise<readonly string[]>;
  /** Adds a call to its chain for all processes. Undefined where it cannot be. Never rejects. */
  note(call: ChainCall): Promise<ChainPlace | undefined> | undefined;
  /** Tells the others, behind the answer and once a minute at most. @param after what is still to be counted */
  share(tenant: string, after?: Promise<unknown>): void;
}

export interface LearnedBookDependencies {
  readonly chains: ChainSettings;
  /** @default - every process by itself */
  readonly learned?: LearnedStore | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  readonly behind: Pick<WriteBehind, 'add'>;
}

/** No model's name has a space in it. */
export const beginningOf = (first: { readonly model: string; readonly route: string }): string =>
  `${first.model} ${first.route}`;

export function createLearnedBook(dependencies: LearnedBookDependencies): LearnedBook {
  const { chains: settings, learned: store } = dependencies;
  const tenants = new RecentEntries<TenantBook>(TENANTS_MAX);
  const of = (tenant: string): TenantBook => {
    const book = tenants.get(tenant) ?? new TenantBook(store !== undefined);
    tenants.set(tenant, book);
    return book;
  };
  const trust = { chainsMin: settings.chainsMin, shareMin: settings.neededShareMin };
  /** What is known when the others were heard. */
  const heard = <Known>(tenant: string, read: (book: TenantBook) => Known): Known | Promise<Known> => {
    const book = of(tenant);
    const hearing = sharing?.hear(tenant, book);
    return hearing === undefined ? read(book) : hearing.then(() => read(book));
  };
  const sharing = store === undefined ? undefined : new LearnedSharing({ ...dependencies, store });
  return {
    expectedOutput: ({ tenant, model, route }, maxTokens) =>
      expectedOutput(tenants.get(tenant)?.view.lengths.get(`${model} ${route}`) ?? noLengths, maxTokens),
    answered: ({ tenant, model, route }, { outputTokens, maxTokens }) => {
      // No answer is longer than it was allowed to be: who says so counts wrong.
      if (outputTokens <= maxTokens) of(tenant).countAnswer(`${model} ${route}`, outputTokens);
    },
    chainBegan: (tenant, beginning) => of(tenant).countChain(beginning, withChain),
    chainCalled: (tenant, beginning, model) =>
      of(tenant).countChain(beginning, (before) => withModel(before, model)),
    chainsOf: (tenant) => heard(tenant, ({ view }) => chainsCounted(view)),
    foretold: (tenant, beginning) =>
      heard(tenant, ({ view }) => modelsForetold(view.chains.get(beginning) ?? noChains, trust)),
    note: (call) => sharing?.note(call),
    share: (tenant, after) => sharing?.tell(tenant, of(tenant), after),
  };
}

interface Counts {
  readonly chains: Map<string, ChainCounts>;
  readonly lengths: Map<string, OutputLengths>;
}

const noCounts = (): Counts => ({ chains: new Map(), lengths: new Map() });

/** One tenant's calls: all that is known, and what of it only this process knows. */
export class TenantBook {
  view: Counts = noCounts();
  private own: Counts = noCounts();
  private telling: Learned = nothingLearned;
  private readonly isShared: boolean;

  constructor(isShared: boolean) {
    this.isShared = isShared;
  }

  countAnswer(kind: string, tokens: number): void {
    countIn(this.view.lengths, kind, (before = noLengths) => addLength(before, tokens));
    if (this.isShared) countIn(this.own.lengths, kind, (before = noLengths) => addLength(before, tokens));
  }

  countChain(beginning: string, step: (before: ChainCounts) => ChainCounts): void {
    countIn(this.view.chains, beginning, (before = noChains) => step(before));
    if (this.isShared) countIn(this.own.chains, beginning, (before = noChains) => step(before));
  }

  hasNews(): boolean {
    return !isNothing(this.own) || !isNothing(this.telling);
  }

  /** What was counted here and is not told yet. */
  takeNews(): Learned {
    this.telling = addLearned(this.telling, this.own);
    this.own = noCounts();
    return this.telling;
  }

  /** The news were taken up: this is what stands in the table now. */
  told(all: Learned): void {
    this.telling = nothingLearned;
    this.learn(all);
  }

  /** What stands in the table, beside what is not told yet. */
  learn(stored: Learned): void {
    this.view = mutable(addLearned(addLearned(stored, this.telling), this.own));
  }
}

function mutable({ chains, lengths }: Learned): Counts {
  return { chains: new Map(chains), lengths: new Map(lengths) };
}

/** Beyond the bound the kind that was counted longest ago goes. */
function countIn<Each>(
  counts: Map<string, Each>,
  kind: string,
  step: (before: Each | undefined) => Each,
): void {
  const next = step(counts.get(kind));
  counts.delete(kind);
  counts.set(kind, next);
  const oldest = counts.keys().next().value;
  if (counts.size > KINDS_MAX && oldest !== undefined) counts.delete(oldest);
}
