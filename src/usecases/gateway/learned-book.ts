import type { CarriedTerms } from '#core/chain/carried-terms.ts';
import { modelsForetold, noChains, withChain, withModel } from '#core/chain/chain-counts.ts';
import { chainsCounted } from '#core/learned/learned.ts';
import { expectedOutput, isTellingThoughCut, noLengths } from '#core/tokens/output-quantiles.ts';
import type { ChainBeginning, ChainCall, ChainPlace, LearnedStore } from '../ports/learned-store.ts';
import { LearnedSharing, type SharingDependencies } from './learned-sharing.ts';
import { RecentEntries } from './recent-entries.ts';
import { TenantBook } from './tenant-book.ts';

/** Some kilobytes each. */
const TENANTS_MAX = 1_000;

/** Answers that are likely to be of about one length. */
interface AnswerKind {
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
  /** One answer came to its end, its own or that of what it was allowed. */
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
  /** The terms under which a chain began. Undefined where it begins now, or nobody can say. Never rejects. */
  begin(beginning: ChainBeginning): Promise<CarriedTerms | undefined> | undefined;
  /** Adds a call to its chain for all processes. Undefined where it cannot be. Never rejects. */
  note(call: ChainCall): Promise<ChainPlace | undefined> | undefined;
  /** Tells the others, behind the answer and once a minute at most. @param after what is still to be counted */
  share(tenant: string, after?: Promise<unknown>): void;
}

export interface LearnedBookDependencies extends SharingDependencies {
  readonly chains: ChainSettings;
  /** @default - every process by itself */
  readonly learned?: LearnedStore | undefined;
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
      if (outputTokens > maxTokens) return;
      const book = of(tenant);
      const answers = `${model} ${route}`;
      const lengths = book.view.lengths.get(answers) ?? noLengths;
      if (outputTokens < maxTokens || isTellingThoughCut(lengths, outputTokens))
        book.countAnswer(answers, outputTokens);
    },
    chainBegan: (tenant, beginning) => of(tenant).countChain(beginning, withChain),
    chainCalled: (tenant, beginning, model) =>
      of(tenant).countChain(beginning, (before) => withModel(before, model)),
    chainsOf: (tenant) => heard(tenant, ({ view }) => chainsCounted(view)),
    foretold: (tenant, beginning) =>
      heard(tenant, ({ view }) => modelsForetold(view.chains.get(beginning) ?? noChains, trust)),
    begin: (beginning) => sharing?.begin(beginning),
    note: (call) => sharing?.note(call),
    share: (tenant, after) => sharing?.tell(tenant, of(tenant), after),
  };
}
