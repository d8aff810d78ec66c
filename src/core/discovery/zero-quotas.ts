/**
 * Which models an account cannot call because a quota of theirs is zero. New accounts have such quotas, and no other
 * API of Bedrock tells: access is granted, and every call is throttled.
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

/** Every pool that has a row of value 0, sorted, each once. */
export function zeroQuotas(
  rows: readonly QuotaListing[],
  models: readonly ModelListing[],
): readonly ZeroQuota[] {
  const idsByText = idsByTextOf(models);
  const valuesByQuota = new Map<
    string,
    { readonly quota: NamedQuota; readonly modelId: string; zero: boolean }
  >();
  for (const row of rows) {
    const quota = readQuotaName(row.name);
    const ids = quota === undefined ? undefined : idsByText.get(quota.model);
    const [modelId] = ids ?? [];
    if (quota === undefined || modelId === undefined || ids?.size !== 1) continue;
    const key = `${quota.pool}/${modelId}/${quota.measure}`;
    const standing = valuesByQuota.get(key) ?? { quota, modelId, zero: true };
    // Two spellings of one quota that disagree prove nothing.
    standing.zero &&= row.value === 0;
    valuesByQuota.set(key, standing);
  }
  const zeros = new Map<string, ZeroQuota>();
  for (const [, { quota, modelId, zero }] of [...valuesByQuota].sort(([left], [right]) =>
    left < right ? -1 : 1,
  )) {
    if (!zero) continue;
    const { pool, measure } = quota;
    const key = `${pool}/${modelId}`;
    zeros.set(key, { pool, modelId, reasons: [...(zeros.get(key)?.reasons ?? []), `zero-${measure}`] });
  }
  return [...zeros.values()];
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
