import { type ChainCounts, noChains } from '#core/chain/chain-counts.ts';
import { addLearned, isNothing, KINDS_MAX, type Learned, nothingLearned } from '#core/learned/learned.ts';
import { addLength, noLengths, type OutputLengths } from '#core/tokens/output-quantiles.ts';

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
