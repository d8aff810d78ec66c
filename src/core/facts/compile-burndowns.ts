/** The parsed data/quotas.json. */
export interface QuotasInput {
  readonly outputBurndowns: readonly { readonly prefix: string; readonly outputBurndown: number }[];
}

export interface QuotaLookups {
  /** What one token of output takes from a quota of tokens a minute, in tokens; 1 where nothing is known. */
  outputBurndownOf(modelId: string): number;
}

export function compileBurndowns({ outputBurndowns }: QuotasInput): QuotaLookups {
  // The longest prefix says the most of a model.
  const rows = [...outputBurndowns].sort((left, right) => right.prefix.length - left.prefix.length);
  return {
    outputBurndownOf: (modelId) => rows.find(({ prefix }) => modelId.startsWith(prefix))?.outputBurndown ?? 1,
  };
}
