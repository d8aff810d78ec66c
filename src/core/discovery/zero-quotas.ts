/**
 * What an account may take of which models: which it cannot call because a quota of theirs is zero (new accounts have
 * such quotas, and no other API of Bedrock tells: access is granted, and every call is throttled), and how many tokens
 * a minute the others give.
 *
 * Service Quotas names a quota in words for people. So a row counts only where its words name one listed model beyond
 * doubt; all that is unknown, ambiguous or contradictory concludes nothing.
 */
import type { ModelListing, QuotaListing } from './answers.ts';

/** AWS counts plain model ids, geographic profiles and `global.` profiles of one model apart. */
export type QuotaPool = 'on-demand' | 'cross-region' | 'global';

/** A pool of a model that no call gets through, with what is zero: `zero-tokens-per-minute`, ... */
export interface ZeroQuota {
  readonly pool: QuotaPool;
  /** A base model id. */
  readonly modelId: string;
  readonly reasons: readonly string[];
}

/** A pool of a model that allows so many tokens a minute, 1 or more. */
export interface TokenQuota {
  readonly pool: QuotaPool;
  /** A base model id. */
  readonly modelId: string;
  readonly tokensPerMinute: number;
}

/** Every pool that has a row of value 0, sorted, each once. */
export function zeroQuotas(
  rows: readonly QuotaListing[],
  models: readonly ModelListing[],
): readonly ZeroQuota[] {
  const zeros = new Map<string, ZeroQuota>();
  for (const { pool, measure, modelId, values } of quotasOfModels(rows, models)) {
    // Two spellings of one quota that disagree prove nothing.
    if (values.some((value) => value !== 0)) continue;
    const key = `${pool}/${modelId}`;
    zeros.set(key, { pool, modelId, reasons: [...(zeros.get(key)?.reasons ?? []), `zero-${measure}`] });
  }
  return [...zeros.values()];
}

/** Every pool of the wanted models with its tokens a minute, sorted, each once; of two spellings the smaller counts. */
export function tokenQuotas(
  rows: readonly QuotaListing[],
  models: readonly ModelListing[],
  wanted: ReadonlySet<string>,
): readonly TokenQuota[] {
  return quotasOfModels(rows, models).flatMap(({ pool, measure, modelId, values }) => {
    if (measure !== 'tokens-per-minute' || !wanted.has(modelId)) return [];
    const told = values.flatMap((value) => (value === undefined ? [] : [Math.floor(value)]));
    const tokensPerMinute = Math.min(...told);
    return told.length > 0 && tokensPerMinute > 0 ? [{ pool, modelId, tokensPerMinute }] : [];
  });
}

interface QuotaOfModel extends Omit<NamedQuota, 'model'> {
  readonly modelId: string;
  /** One of each row. */
  readonly values: readonly (number | undefined)[];
}

/** Rows that name one listed model beyond doubt, sorted. */
function quotasOfModels(
  rows: readonly QuotaListing[],
  models: readonly ModelListing[],
): readonly QuotaOfModel[] {
  const idsByText = idsByTextOf(models);
  const quotas = new Map<string, QuotaOfModel>();
  for (const row of rows) {
    const named = readQuotaName(row.name);
    const ids = named === undefined ? undefined : idsByText.get(named.model);
    const [modelId] = ids ?? [];
    if (named === undefined || modelId === undefined || ids?.size !== 1) continue;
    const { pool, measure } = named;
    const key = `${pool}/${modelId}/${measure}`;
    quotas.set(key, { pool, measure, modelId, values: [...(quotas.get(key)?.values ?? []), row.value] });
  }
  return [...quotas].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, quota]) => quota);
}

interface NamedQuota {
  readonly pool: QuotaPool;
  /** `tokens-per-minute`, `requests-per-day`, ... */
  readonly measure: string;
  /** The words for the model, normalised. */
  readonly model: string;
}

/**
 * "Cross-region model inference tokens per minute for Anthropic Claude Sonnet 4 V1", and the older "On-demand
 * InvokeModel requests per minute for ...". A name with more words in front or between (other endpoints, latency
 * classes, batch jobs) is another quota; more words behind name another model.
 */
const MODEL_QUOTA =
  /^(on demand|cross region|global cross region) (?:model inference|invokemodel) (tokens|requests) per (minute|day) for (.+)$/;

const POOLS: Readonly<Record<string, QuotaPool>> = {
  'on demand': 'on-demand',
  'cross region': 'cross-region',
  'global cross region': 'global',
};

function readQuotaName(name: string): NamedQuota | undefined {
  const [, scope = '', unit, period, model] = MODEL_QUOTA.exec(normalise(name)) ?? [];
  const pool = POOLS[scope];
  if (pool === undefined || model === undefined) return undefined;
  return { pool, measure: `${unit}-per-${period}`, model };
}

/** Case, hyphens, brackets and spaces differ from one place of AWS to the next; dots tell versions apart. */
function normalise(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}.]+/gu, ' ')
    .trim();
}

/** Every way to name a listed model, with the base ids it may mean. */
function idsByTextOf(models: readonly ModelListing[]): ReadonlyMap<string, ReadonlySet<string>> {
  const ids = new Map<string, Set<string>>();
  for (const { modelId, name, provider } of models) {
    const base = baseIdOf(modelId);
    for (const text of textsOf(base, normalise(name), normalise(provider))) {
      ids.set(text, (ids.get(text) ?? new Set()).add(base));
    }
  }
  return ids;
}

function textsOf(baseId: string, name: string, provider: string): readonly string[] {
  if (name === '') return [];
  const names = provider === '' ? [name] : [name, `${provider} ${name}`];
  const version = /-v(\d+)(?::\d+)?$/.exec(baseId)?.[1];
  return version === undefined ? names : names.flatMap((each) => [each, `${each} v${version}`]);
}

/** `amazon.nova-pro-v1:0:300k` is the provisioned form of `amazon.nova-pro-v1:0`, under the same name. */
function baseIdOf(modelId: string): string {
  return /^(.+:\d+):[^:]+$/.exec(modelId)?.[1] ?? modelId;
}
