/** Every configured candidate of one (model, residency): a target that can be routed, or the reason why not. */
import type { Observation } from '../discovery/observation.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeReach } from '../residency/judge-reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import { type Target, type TargetState, targetId } from '../target.ts';
import type { Denial } from './denied-targets.ts';
import type { ObservationIndex } from './observation-index.ts';
import type { PlannedModel } from './planned-model.ts';
import type { LimitSharing } from './share-limit.ts';
import { dedicatedTarget, serverlessTarget } from './target-of.ts';

/**
 * `routable`: goes into the route. `unlawful`: its reach leaves the residency. `unusable`: lawful, but its state takes
 * no request. `unknown`: nothing new is known; what is published of it stays.
 */
export type Judgement =
  | { readonly kind: 'routable'; readonly target: Target }
  | { readonly kind: 'unlawful'; readonly id: string; readonly why: string }
  | {
      readonly kind: 'unusable';
      readonly id: string;
      readonly why: string;
      readonly evidence: boolean;
      /** False where there is nothing that could become usable: no such offer, or never on demand. */
      readonly offered: boolean;
    }
  | { readonly kind: 'unknown'; readonly id: string };

export interface CandidateQuestion {
  readonly model: PlannedModel;
  readonly policy: ResidencyPolicy;
  readonly facts: CompiledFacts;
  readonly observations: ObservationIndex;
  /** By target id. */
  readonly denied: ReadonlyMap<string, Denial>;
  readonly sharing: LimitSharing;
}

/**
 * States that a request can be sent to, and for dedicated targets those that a request can wake: a gateway that does
 * not know a cold endpoint could never wake it, so it stays in the route with its state.
 */
const ROUTABLE_STATES: ReadonlySet<TargetState> = new Set(['available', 'legacy', 'warm', 'warming', 'cold']);

/** States that a field of an API says outright. An absence or a call that failed is none of them. */
const STATED_STATES: ReadonlySet<TargetState> = new Set([
  'not-authorized',
  'not-entitled',
  'no-agreement',
  'quota-zero',
]);

export function judgeCandidates(question: CandidateQuestion): readonly Judgement[] {
  const { model, observations } = question;
  const serverless = model.candidates.flatMap(({ id }, position) =>
    observations
      .byModel(id)
      .filter((each) => each.kind === 'bedrock' && observations.carriesTraffic(each.account, each.region))
      .map((each) =>
        judgeObservation(question, each, () => {
          const quotaTokensPerMinute = observations.quotaTokensPerMinuteOf(each);
          return serverlessTarget({ ...each, quotaTokensPerMinute }, position, question.facts);
        }),
      ),
  );
  const dedicated = model.dedicated.map((config, position) => {
    const id = targetId(config);
    const observation = observations.byId(id);
    if (observation === undefined) return { kind: 'unknown', id } as const;
    const { sharing, facts } = question;
    const make = () => dedicatedTarget({ observation, dedicated: config, position, sharing, facts });
    return judgeObservation(question, observation, make);
  });
  return [...dedicated, ...serverless];
}

function judgeObservation(
  question: CandidateQuestion,
  observation: Observation,
  makeTarget: () => Target,
): Judgement {
  const { policy, facts, observations, denied } = question;
  const { id, state, reasons, goneEvidence } = observation;
  const verdict = judgeReach({ policy, target: observation, facts });
  if (!verdict.lawful) {
    const places = verdict.offending.length === 0 ? '' : ` (${verdict.offending.join(', ')})`;
    return { kind: 'unlawful', id, why: `${verdict.why}${places}` };
  }
  const denial = denied.get(id);
  if (denial !== undefined) {
    return { kind: 'unusable', id, why: `denied: ${denial.why}`, evidence: true, offered: true };
  }
  if (!observations.isFresh(observation.account, observation.region) || state === 'unknown') {
    return { kind: 'unknown', id };
  }
  if (ROUTABLE_STATES.has(state)) return { kind: 'routable', target: makeTarget() };
  const why = reasons.length === 0 ? state : `${state}: ${reasons.join(', ')}`;
  const evidence = goneEvidence !== undefined || STATED_STATES.has(state);
  const offered = state !== 'not-offered' && state !== 'profile-only';
  return { kind: 'unusable', id, why, evidence, offered };
}
