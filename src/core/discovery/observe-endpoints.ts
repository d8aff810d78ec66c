/** Dedicated targets: warm, being made, or at zero. `InService` alone says nothing: an endpoint can be so with no copy. */
import { type TargetState, targetId } from '../target.ts';
import { lastingReasons } from './access.ts';
import { type DedicatedName, dedicatedKey, type EndpointAnswer } from './answers.ts';
import type { Observation } from './observation.ts';
import { type RunContext, sinceOf } from './run-context.ts';

/** Statuses in which no copy can answer, whatever the counts say. */
const DEAD_STATUSES: ReadonlySet<string> = new Set(['Failed', 'OutOfService', 'Deleting']);

export function observeEndpoints(context: RunContext): readonly Observation[] {
  const unique = new Map(context.dedicated.map((name) => [dedicatedKey(name), name]));
  return [...unique.values()].map((name) => observeEndpoint(context, name));
}

function observeEndpoint(context: RunContext, name: DedicatedName): Observation {
  const { account, region, at } = context;
  const id = targetId({ account, region, endpoint: name.endpoint, component: name.component });
  const previous = context.previousById.get(id);
  const answer = context.answers.endpoints.get(dedicatedKey(name));
  const identity = {
    id,
    account,
    region,
    kind: 'sagemaker',
    scope: 'dedicated',
    modelId: name.servedModel,
    endpoint: name.endpoint,
    ...(name.component === undefined ? {} : { component: name.component }),
    reach: [region],
    lifecycle: 'ACTIVE',
    absentLists: 0,
  } as const;
  if (answer === undefined || !answer.ok) return { ...identity, ...lastKnown(previous, at) };
  const { state, reasons, goneEvidence } = judgeEndpoint(answer.value);
  return {
    ...identity,
    state,
    reasons,
    copies: answer.value?.copiesInService ?? 0,
    since: sinceOf(previous, state, at),
    observedAt: at,
    stale: false,
    ...(goneEvidence === undefined ? {} : { goneEvidence }),
  };
}

type Standing = Pick<
  Observation,
  'state' | 'reasons' | 'since' | 'observedAt' | 'stale' | 'goneEvidence' | 'copies'
>;

function lastKnown(previous: Observation | undefined, at: number): Standing {
  if (previous === undefined)
    return { state: 'unknown', reasons: ['endpoint-failed'], since: at, observedAt: at, stale: true };
  const { state, since, observedAt, goneEvidence, copies } = previous;
  return {
    state,
    reasons: [...lastingReasons(previous), 'endpoint-failed'],
    since,
    observedAt,
    stale: true,
    ...(copies === undefined ? {} : { copies }),
    ...(goneEvidence === undefined ? {} : { goneEvidence }),
  };
}

function judgeEndpoint(answer: EndpointAnswer | undefined): {
  readonly state: TargetState;
  readonly reasons: readonly string[];
  readonly goneEvidence?: 'availability-not-available';
} {
  // SageMaker names the endpoint as missing or dead: a direct answer, so it is evidence by itself.
  const goneEvidence = 'availability-not-available';
  if (answer === undefined) return { state: 'not-offered', reasons: ['endpoint-not-found'], goneEvidence };
  if (DEAD_STATUSES.has(answer.status)) {
    return {
      state: 'not-offered',
      reasons: [`endpoint-status-${answer.status.toLowerCase()}`],
      goneEvidence,
    };
  }
  if (answer.copiesInService > 0) return { state: 'warm', reasons: [] };
  if (answer.copiesDesired > 0 || answer.status === 'Creating')
    return { state: 'warming', reasons: ['no-copy-in-service-yet'] };
  return { state: 'cold', reasons: ['scaled-to-zero'] };
}
