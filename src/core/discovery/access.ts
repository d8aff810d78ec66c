/** Whether this account may call a model in this region, as GetFoundationModelAvailability tells it. */
import type { TargetState } from '../target.ts';
import type { Answer, AvailabilityAnswer } from './answers.ts';
import type { Observation } from './observation.ts';

export type Access =
  /** Nobody tracks the model, so nobody asked. */
  | { readonly kind: 'unchecked' }
  /** Tracked, but another run's turn: the last answer still holds. */
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'usable' }
  | {
      readonly kind: 'blocked';
      readonly state: TargetState;
      readonly reasons: readonly string[];
      /** True when the model is not offered in the region at all: the second sign of a withdrawal. */
      readonly gone: boolean;
    };

/** Reasons that describe a run, not the access that an earlier run found. They are made anew each time. */
const RUN_REASONS =
  /^(availability-failed|access-not-asked|list-(failed|empty)|absent-|reach-|not-listed|endpoint-failed|zero-)/;

/** What earlier runs found that still holds, without what described those runs. */
export function lastingReasons(previous: Observation): readonly string[] {
  return previous.reasons.filter((each) => !RUN_REASONS.test(each));
}

const USABLE_STATES: ReadonlySet<TargetState> = new Set(['available', 'legacy']);
const BLOCKED_STATES: ReadonlySet<TargetState> = new Set([
  'not-authorized',
  'not-entitled',
  'no-agreement',
  'not-offered',
]);

/** `answer` is undefined when the model was not asked about. */
export function judgeAccess(
  tracked: boolean,
  answer: Answer<AvailabilityAnswer | undefined> | undefined,
): Access {
  if (!tracked) return { kind: 'unchecked' };
  if (answer === undefined) return { kind: 'not-asked' };
  if (!answer.ok) return { kind: 'failed' };
  return answer.value === undefined
    ? { kind: 'blocked', state: 'not-offered', reasons: ['model-not-found'], gone: true }
    : judgeAnswer(answer.value);
}

/** The first field that nobody can talk away decides the state; every field that is not fine is a reason. */
function judgeAnswer(answer: AvailabilityAnswer): Access {
  const found: { state: TargetState; reason: string }[] = [];
  if (answer.region !== 'AVAILABLE')
    found.push({ state: 'not-offered', reason: `region-${spell(answer.region)}` });
  if (answer.authorization !== 'AUTHORIZED')
    found.push({ state: 'not-authorized', reason: `authorization-${spell(answer.authorization)}` });
  if (answer.agreement !== 'AVAILABLE')
    found.push({ state: 'no-agreement', reason: `agreement-${spell(answer.agreement)}` });
  if (answer.entitlement !== 'AVAILABLE')
    found.push({ state: 'not-entitled', reason: `entitlement-${spell(answer.entitlement)}` });
  const [first] = found;
  if (first === undefined) return { kind: 'usable' };
  const reasons = found.map((each) => each.reason);
  return { kind: 'blocked', state: first.state, reasons, gone: first.state === 'not-offered' };
}

/** `NOT_AVAILABLE` as `not-available`: codes are hyphenated in everything we write. */
function spell(value: string): string {
  return value === '' ? 'missing' : value.toLowerCase().replaceAll('_', '-');
}

/** State, reasons and freshness of a target that a good list names. */
export interface ListedState {
  readonly state: TargetState;
  readonly reasons: readonly string[];
  readonly stale: boolean;
  readonly goneEvidence?: Observation['goneEvidence'];
}

export function stateOfListed(options: {
  readonly access: Access;
  readonly lifecycle: string;
  readonly previous: Observation | undefined;
}): ListedState {
  const { access, lifecycle, previous } = options;
  const usable: TargetState = lifecycle === 'LEGACY' ? 'legacy' : 'available';
  switch (access.kind) {
    case 'usable':
      return { state: usable, reasons: [], stale: false };
    case 'unchecked':
      return { state: usable, reasons: ['access-not-checked'], stale: false };
    case 'blocked':
      return {
        state: access.state,
        reasons: access.reasons,
        stale: false,
        ...(access.gone ? { goneEvidence: 'availability-not-available' } : {}),
      };
    case 'failed':
      return carriedState({ previous, usable, reason: 'availability-failed', stale: true });
    case 'not-asked':
      return carriedState({ previous, usable, stale: false });
  }
}

/** No answer about access in this run: what an earlier run found still holds; without one nothing is known. */
function carriedState(options: {
  readonly previous: Observation | undefined;
  readonly usable: TargetState;
  readonly reason?: string;
  readonly stale: boolean;
}): ListedState {
  const { previous, usable, reason, stale } = options;
  const now = reason === undefined ? [] : [reason];
  const known =
    previous !== undefined &&
    !previous.reasons.includes('access-not-checked') &&
    previous.goneEvidence === undefined;
  if (known && USABLE_STATES.has(previous.state)) return { state: usable, reasons: now, stale };
  if (known && BLOCKED_STATES.has(previous.state)) {
    return { state: previous.state, reasons: [...lastingReasons(previous), ...now], stale };
  }
  return { state: 'unknown', reasons: now.length > 0 ? now : ['access-not-asked'], stale: true };
}
