/** Which models chains needed that began alike: counts that forget, so that a new release of an application is soon known. */
export interface ChainCounts {
  readonly chains: number;
  /** Chains that called the model after their first call, by name. Those of the configuration are all there are. */
  readonly byModel: ReadonlyMap<string, number>;
}

export const noChains: ChainCounts = { chains: 0, byModel: new Map() };
const ONE_CHAIN: ChainCounts = { chains: 1, byModel: new Map() };

/** Chains until every count is halved: what was seen 64 chains ago counts half, or less. */
const CHAINS_MAX = 64;

export function withChain(counts: ChainCounts): ChainCounts {
  return addChains(counts, ONE_CHAIN);
}

/**
 * Two counts together. Either may know of calls whose chain the other saw begin, and chains that began before the last
 * halving call models after it: of a model more may be counted than chains.
 */
export function addChains(one: ChainCounts, other: ChainCounts): ChainCounts {
  const byModel = new Map(one.byModel);
  for (const [model, count] of other.byModel)
    byModel.set(model, Math.min(2 * CHAINS_MAX, (byModel.get(model) ?? 0) + count));
  return halvedAtMost({ chains: one.chains + other.chains, byModel });
}

function halvedAtMost(counts: ChainCounts): ChainCounts {
  let { chains, byModel } = counts;
  while (chains >= CHAINS_MAX) {
    const halves = [...byModel].map(([model, count]) => [model, Math.floor(count / 2)] as const);
    byModel = new Map(halves.filter(([, count]) => count > 0));
    chains = Math.floor(chains / 2);
  }
  return { chains, byModel };
}

/** After a chain called a model for the first time. */
export function withModel(counts: ChainCounts, model: string): ChainCounts {
  return addChains(counts, { chains: 0, byModel: new Map([[model, 1]]) });
}

/**
 * The models that a chain which begins now will probably call, the likeliest first, those of one share by name.
 *
 * @param trust.chainsMin chains that must have begun alike before anything is foretold
 * @param trust.shareMin of them, above 0, that called the model
 */
export function modelsForetold(
  { chains, byModel }: ChainCounts,
  trust: { readonly chainsMin: number; readonly shareMin: number },
): readonly string[] {
  if (chains < trust.chainsMin) return [];
  const likely = [...byModel].filter(([, count]) => count >= trust.shareMin * chains);
  likely.sort(([one, oneCount], [other, otherCount]) => otherCount - oneCount || (one < other ? -1 : 1));
  return likely.map(([model]) => model);
}
