/**
 * What Service Quotas says of Bedrock in one account and region, page by page: a thousand rows are many calls, and each
 * is paced and retried by itself.
 *
 * Throws HouseErrors like `ModelCatalogue`; it never answers an empty page for a failure.
 */
export interface QuotaInventory {
  /** The first page without a token. An answer without `nextToken` is the last one. */
  listQuotas(nextToken: string | undefined, signal: AbortSignal): Promise<QuotaPage>;
}

export interface QuotaPage {
  readonly quotas: readonly ListedQuota[];
  readonly nextToken?: string | undefined;
}

export interface ListedQuota {
  /** A sentence for people: the API has no field for model or scope. */
  readonly name: string;
  /** The value applied to this account; undefined where the row has none. */
  readonly value?: number | undefined;
}
