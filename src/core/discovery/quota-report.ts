/** What Service Quotas last said of one account and region: when to ask again, and which targets it takes out. */
import { geoPrefixOf } from '../residency/reach.ts';
import type { TargetState } from '../target.ts';
import type { Answer, ModelListing, QuotaListing } from './answers.ts';
import type { Observation, QuotaReport } from './observation.ts';
import { type QuotaPool, tokenQuotas, zeroQuotas } from './zero-quotas.ts';

const HOUR_MS = 3_600_000;
/** Quotas change when somebody asks AWS for it. To read them all takes ten calls and more: too many for each run. */
const ASK_EVERY_MS = 24 * HOUR_MS;
/** A repaired quota is seen within the hour, and an answer that failed to come is asked for again. */
const ASK_AGAIN_MS = HOUR_MS;

/** Whether a run at `at` asks Service Quotas. */
export function isQuotaAskingDue(report: QuotaReport | undefined, at: number): boolean {
  if (report === undefined) return true;
  const soon = report.answeredAt !== report.askedAt || report.zero.length > 0;
  return at - report.askedAt >= (soon ? ASK_AGAIN_MS : ASK_EVERY_MS);
}

/** Why an answer says nothing, as people read it. Bedrock has quotas in every account: an empty list is a failure. */
export function quotaFailure(answer: Answer<readonly QuotaListing[]> | undefined): string | undefined {
  if (answer === undefined) return undefined;
  if (!answer.ok) return answer.failure;
  return answer.value.length === 0 ? 'empty' : undefined;
}

/** The report after a run. A run that did not ask, or could not tell the models by name, leaves it as it was. */
export function nextQuotaReport(run: {
  /** Undefined: not asked. */
  readonly answer: Answer<readonly QuotaListing[]> | undefined;
  /** The rows of a good list of models; undefined when the list says nothing. */
  readonly models: readonly ModelListing[] | undefined;
  readonly previous:
    | { readonly quotas?: QuotaReport | undefined; readonly targets: readonly Observation[] }
    | undefined;
  /** Models whose quotas are of use. */
  readonly tracked: ReadonlySet<string>;
  readonly at: number;
}): QuotaReport | undefined {
  const { answer, models, previous, tracked, at } = run;
  const standing = previous?.quotas;
  if (answer === undefined || models === undefined) return standing;
  if (!answer.ok || quotaFailure(answer) !== undefined) {
    return { zero: [], ...standing, askedAt: at };
  }
  const listed = new Set(models.map((model) => model.modelId));
  const known = new Set(
    previous?.targets.filter((each) => each.goneEvidence === undefined).map((each) => each.modelId),
  );
  // Lists drop single rows: of a model that this one does not name, the quotas say nothing either way.
  const isUnnamed = ({ modelId }: { readonly modelId: string }) => !listed.has(modelId) && known.has(modelId);
  const unnamed = (standing?.zero ?? []).filter(isUnnamed);
  const tokens = [
    ...tokenQuotas(answer.value, models, tracked),
    ...(standing?.tokens ?? []).filter((each) => isUnnamed(each) && tracked.has(each.modelId)),
  ];
  const zero = [...zeroQuotas(answer.value, models), ...unnamed];
  return { askedAt: at, answeredAt: at, zero, ...(tokens.length === 0 ? {} : { tokens }) };
}

/** Lays the report's tokens a minute over a target, anew in each run. */
export function withTokenQuota(target: Observation, report: QuotaReport | undefined): Observation {
  const { quotaTokensPerMinute: _before, ...fixed } = target;
  const pool = poolOf(target);
  const quota = report?.tokens?.find((each) => each.pool === pool && each.modelId === target.modelId);
  return quota === undefined ? fixed : { ...fixed, quotaTokensPerMinute: quota.tokensPerMinute };
}

/** What the state was before a quota of zero was laid over it: access was good, so only the lifecycle decides. */
export function beneathZeroQuota(previous: Observation): Observation {
  return previous.state === 'quota-zero' ? { ...previous, state: usableState(previous) } : previous;
}

function usableState({ lifecycle }: Observation): TargetState {
  return lifecycle === 'LEGACY' ? 'legacy' : 'available';
}

/**
 * Lays the report over a target that this run would call usable. It is laid anew in each run, so that it holds while
 * lists fail and ends with the answer that ends it.
 */
export function withZeroQuota(
  target: Observation,
  run: {
    readonly report: QuotaReport | undefined;
    /** The target as the last run left it. */
    readonly previous: Observation | undefined;
    readonly at: number;
  },
): Observation {
  const { report, previous, at } = run;
  const wasZero = previous?.state === 'quota-zero';
  const pool = poolOf(target);
  const usable = target.state === 'available' || target.state === 'legacy';
  const zero = usable
    ? report?.zero.find((each) => each.pool === pool && each.modelId === target.modelId)
    : undefined;
  if (zero === undefined) return wasZero ? { ...target, since: at } : target;
  return {
    ...target,
    state: 'quota-zero',
    reasons: [...target.reasons, ...zero.reasons],
    since: wasZero ? previous.since : at,
  };
}

/** System-defined profiles announce a geography in their id, application profiles nothing. */
function poolOf({ kind, scope, profileId }: Observation): QuotaPool | undefined {
  if (kind !== 'bedrock') return undefined;
  if (scope === 'global') return 'global';
  if (profileId === undefined) return 'on-demand';
  // An application profile that stays in its region stands over a plain model, and counts as one.
  return scope === 'in-region' && geoPrefixOf(profileId) === '' ? 'on-demand' : 'cross-region';
}
