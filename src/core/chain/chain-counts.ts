/** Which models chains needed that began alike: counts that forget, so that a new release of an application is soon known. */
export interface ChainCounts {
  readonly chains: number;
  /** Chains that called the model after their first call, by name. Those of the configuration are all there are. */
  readonly byModel: ReadonlyMap<string, number>;
}

export const noChains: ChainCounts = { chains: 0, byModel: new Map() };

/** Chains until every count is halved: what was seen 64 chains ago counts half, or less. */
const CHAINS_MAX = 64;

export function withChain({ chains, byModel }: ChainCounts): ChainCounts {
  if (chains + 1 < CHAINS_MAX) return { chains: chains + 1, byModel };
  const halves = [...byModel].map(([model, count]) => [model, Math.floor(count / 2)] as const);
  return { chains: CHAINS_MAX / 2, byModel: new Map(halves.filter(([, count]) => count > 0)) };
}

/** After a chain called a model for the first time. */
export function withModel({ chains, byModel }: ChainCounts, model: string): ChainCounts {
  // Of chains that began before the last halving come more than are counted: all is all.
  const count = Math.min(chains, (byModel.get(model) ?? 0) + 1);
  return { chains, byModel: new Map(byModel).set(model, count) };
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
