import type { Candidate } from '#core/decide/decision.ts';
import type { FailureVerdict } from '#core/failures/classify-failure.ts';
import type { AttemptRecord } from '../ports/gateway-metrics.ts';
import type { UpstreamFailure } from '../ports/model-invoker.ts';
import { type Learned, nothingLearned } from './decide.ts';
import type { QuotaDenial } from './quota-pools.ts';
import type { Denial } from './slot.ts';
import type { WakeUpTally } from './wake-up.ts';

/** What was sent so far, best target first in the plan that led there. */
export interface AttemptLog {
  readonly attempts: readonly AttemptRecord[];
  /**
   * Calls that the attempts became: none where there were no credentials, connection or time, and several where a
   * target takes fewer texts in a call than there are.
   */
  readonly callsSent: number;
  readonly wakeUps: Readonly<WakeUpTally>;
  /** A dedicated target had no copy, so that another tier was asked. @default false */
  readonly spilledFromCold?: true | undefined;
  /** Times that a target was asked for a slot and gave none. */
  readonly denials: number;
  /** Waited for slots: before it went to the next tier, or because every target was full. */
  readonly slotWaitMs: number;
  /** Times that the retry budget kept it from the best target that was left. @default 0 */
  readonly retriesRefused?: number | undefined;
  /** From the request's arrival until it was known whom to ask. @default - nobody listens to the gateway, or nobody may answer */
  readonly decidedMs?: number | undefined;
  /** The tier that the first decision wanted. */
  readonly firstTier?: Candidate['tier'] | undefined;
  readonly last?: Candidate | undefined;
}

/** What the loop carries from one attempt to the next. */
export interface Progress {
  readonly log: AttemptLog;
  readonly learned: Learned;
  readonly verdict?: FailureVerdict | undefined;
  readonly callersFault?: UpstreamFailure | undefined;
  /** Times that it waited for a slot. */
  readonly waits: number;
}

/** Of a request that no target was asked for. */
export const nothingSent: AttemptLog = {
  attempts: [],
  callsSent: 0,
  wakeUps: { sent: 0 },
  denials: 0,
  slotWaitMs: 0,
};

export const begun: Progress = { log: nothingSent, learned: nothingLearned, waits: 0 };

export function withSlotWait(progress: Progress, waitedMs: number): Progress {
  if (waitedMs === 0) return progress;
  const { log } = progress;
  return { ...progress, log: { ...log, slotWaitMs: log.slotWaitMs + waitedMs } };
}

/** The retry budget kept the request from the best target that was left. */
export function withRetryRefused(progress: Progress): Progress {
  const { log } = progress;
  return { ...progress, log: { ...log, retriesRefused: (log.retriesRefused ?? 0) + 1 } };
}

export function withDenial(
  progress: Progress,
  { target }: Candidate,
  denial: Denial & { readonly reason: 'full' | 'never-fits' },
): Progress {
  const { log, learned } = progress;
  const isAsked = denial.reason !== 'full' || denial.asked !== false;
  const denied = { ...progress, log: { ...log, denials: log.denials + (isAsked ? 1 : 0) } };
  if (denial.reason === 'full') {
    const full = new Set(learned.full).add(target.id);
    return withSlotWait({ ...denied, learned: { ...learned, full } }, denial.waitedMs);
  }
  const { neededTokens, heldTokens, of } = denial;
  const neverFits = new Map(learned.neverFits).set(target.id, { neededTokens, heldTokens, of });
  return { ...denied, learned: { ...learned, neverFits } };
}

/** Its quota pool has no room, and says when it has; or never has as much. */
export function withoutQuota(progress: Progress, candidate: Candidate, denial: QuotaDenial): Progress {
  if (denial.reason === 'never-fits') return withDenial(progress, candidate, { ...denial, of: 'quota' });
  const denied = withDenial(progress, candidate, { reason: 'full', waitedMs: 0 });
  const heard = new Map(denied.learned.heard).set(candidate.target.id, {
    class: 'quota',
    retryAt: denial.retryAt,
  });
  return { ...denied, learned: { ...denied.learned, heard } };
}

/** The last attempt did not end as it seemed at first. */
export function withLastOutcome(log: AttemptLog, outcome: string | undefined): AttemptLog {
  const last = log.attempts.at(-1);
  if (outcome === undefined || last === undefined) return log;
  return { ...log, attempts: [...log.attempts.slice(0, -1), { ...last, outcome }] };
}

export function withAttempt(
  log: AttemptLog,
  candidate: Candidate,
  {
    callsSent,
    ...end
  }: Pick<AttemptRecord, 'outcome' | 'durationMs' | 'startedMs'> & { readonly callsSent: number },
): AttemptLog {
  const { target, tier, dropped, jsonWay, jsonWayReason } = candidate;
  const json = jsonWay === undefined ? {} : { jsonWay, jsonWayReason };
  const without = dropped === undefined ? {} : { dropped };
  const attempts = [...log.attempts, { target: target.id, tier, ...end, ...without, ...json }];
  return { ...log, attempts, callsSent: log.callsSent + callsSent, last: candidate };
}
