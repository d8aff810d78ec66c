/**
 * core/discovery: from what the APIs answered to what is known of every target of one account and region.
 *
 * Invariant: news comes from answers only. A list that failed or came back empty changes no target of its kind: the
 * last known state stays, marked stale. The folder owns no state: the previous run's observations are an argument.
 *
 *     answers + previous ─┬─ plain model ids     (observe-models.ts)
 *                         ├─ inference profiles  (observe-profiles.ts)
 *                         └─ dedicated endpoints (observe-endpoints.ts)
 *                         then, over what is usable: quotas (quota-report.ts)
 */
import { isoOfInstant } from '../units/instant-ms.ts';
import { judgeAccess } from './access.ts';
import type { Answer } from './answers.ts';
import type { RegionObservations } from './observation.ts';
import { observeEndpoints } from './observe-endpoints.ts';
import { observeModels } from './observe-models.ts';
import { observeProfiles } from './observe-profiles.ts';
import {
  beneathZeroQuota,
  nextQuotaReport,
  quotaFailure,
  withTokenQuota,
  withZeroQuota,
} from './quota-report.ts';
import type { RegionRun, RunContext } from './run-context.ts';

export function observeRegion(run: RegionRun): RegionObservations {
  const context = contextOf(run);
  const { answers, listedModels, previous, tracked, at } = context;
  const models = listedModels === undefined ? undefined : [...listedModels.values()];
  const quotas = nextQuotaReport({ answer: answers.quotas, models, previous, tracked, at });
  const standing = new Map(previous?.targets.map((each) => [each.id, each]) ?? []);
  const seen = [...observeModels(context), ...observeProfiles(context), ...observeEndpoints(context)];
  const targets = seen.map((each) =>
    withTokenQuota(withZeroQuota(each, { report: quotas, previous: standing.get(each.id), at }), quotas),
  );
  const complete = context.modelsFailure === undefined && context.profilesFailure === undefined;
  const completeAt = complete ? run.at : run.previous?.completeAt;
  return {
    account: run.account,
    region: run.region,
    targets: targets.sort((left, right) => (left.id < right.id ? -1 : 1)),
    at: run.at,
    failures: failuresOf(context),
    ...(completeAt === undefined ? {} : { completeAt }),
    ...(quotas === undefined ? {} : { quotas }),
  };
}

function contextOf(run: RegionRun): RunContext {
  const { answers, previous, tracked } = run;
  const modelsFailure = listFailure(answers.models, true);
  const hadProfiles = previous?.targets.some((each) => each.profileId !== undefined) ?? false;
  // A region may truly have models and no profile at all; only what was there before makes an empty list suspicious.
  const profilesFailure = listFailure(answers.profiles, hadProfiles || modelsFailure !== undefined);
  const { models } = answers;
  return {
    ...run,
    nowTime: isoOfInstant(run.at),
    previousById: new Map(previous?.targets.map((each) => [each.id, beneathZeroQuota(each)]) ?? []),
    listedModels:
      models.ok && modelsFailure === undefined
        ? new Map(models.value.map((row) => [row.modelId, row]))
        : undefined,
    modelsFailure,
    profilesFailure,
    accessOf: (modelId) => judgeAccess(tracked.has(modelId), answers.availability.get(modelId)),
  };
}

function listFailure(list: Answer<readonly unknown[]>, emptyIsFailure: boolean): string | undefined {
  if (!list.ok) return 'list-failed';
  return list.value.length === 0 && emptyIsFailure ? 'list-empty' : undefined;
}

/** One line per part that failed; the calls of one operation that failed alike are counted, not repeated. */
function failuresOf(context: RunContext): readonly string[] {
  const { models, profiles, availability, endpoints } = context.answers;
  const lines: string[] = [];
  const list = (operation: string, answer: Answer<unknown>, reason: string | undefined): void => {
    if (!answer.ok) lines.push(`${operation}: ${answer.failure}`);
    else if (reason !== undefined) lines.push(`${operation}: empty`);
  };
  list('ListFoundationModels', models, context.modelsFailure);
  list('ListInferenceProfiles', profiles, context.profilesFailure);
  lines.push(...countedFailures('GetFoundationModelAvailability', availability));
  lines.push(...countedFailures('DescribeEndpoint', endpoints));
  const quotasFailed = quotaFailure(context.answers.quotas);
  if (quotasFailed !== undefined) lines.push(`ListServiceQuotas: ${quotasFailed}`);
  return lines;
}

function countedFailures(
  operation: string,
  answers: ReadonlyMap<string, Answer<unknown>>,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const answer of answers.values()) {
    if (!answer.ok) counts.set(answer.failure, (counts.get(answer.failure) ?? 0) + 1);
  }
  return [...counts].sort().map(([name, count]) => `${operation}: ${name} (${count} of ${answers.size})`);
}
