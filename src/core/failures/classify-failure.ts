import type { ChatFeature } from '../chat/chat-request.ts';
import { invariant } from '../units/invariant.ts';
import {
  type FailureClass,
  type FailureOutcome,
  type FailurePattern,
  type FailureRow,
  failureTable,
} from './failure-table.ts';
import { refusedFeature } from './refused-feature.ts';
import type { UpstreamSignal } from './upstream-signal.ts';

export interface FailureVerdict {
  readonly outcome: FailureOutcome;
  readonly class: FailureClass;
  readonly countsAgainstRegion: boolean;
  readonly largerContextHelps: boolean;
  readonly cold: boolean;
  readonly healthEffect: boolean;
  /** What the target said that it lacks. Only with `capability-refused`. */
  readonly refused?: ChatFeature | undefined;
  /** The upstream's own words that it was told by; undefined where names and numbers said it. */
  readonly heard?: string | undefined;
  /** The upstream's own wish, capped at `RETRY_AFTER_MS_MAX`. */
  readonly retryAfterMs?: number | undefined;
}

/** An upstream that asks for more than this is asked again anyway: a wrong header must not close a pool for hours. */
export const RETRY_AFTER_MS_MAX = 60_000;

const classesWithHealthEffect: readonly FailureClass[] = ['targets-fault', 'no-capacity', 'broken'];

/** What a failed call means, by the first row of the failure table that matches. */
export function classifyFailure(signal: UpstreamSignal): FailureVerdict {
  const row: (FailureRow & { readonly outcome: FailureOutcome }) | undefined = failureTable.find(
    (candidate) => matches(candidate.when, signal),
  );
  invariant(row !== undefined, 'the last row of the failure table matches everything');
  const wish = signal.retryAfterMs;
  const refused = row.outcome === 'capability-refused' ? refusedFeature(signal.message) : undefined;
  const heard = refused?.words ?? row.when.text?.exec(spokenBy(signal))?.[0];
  return {
    outcome: row.outcome,
    class: row.class,
    countsAgainstRegion: row.countsAgainstRegion === true,
    largerContextHelps: row.largerContextHelps === true,
    cold: row.cold === true,
    healthEffect: row.noHealthEffect !== true && classesWithHealthEffect.includes(row.class),
    ...(refused === undefined ? {} : { refused: refused.feature }),
    ...(heard === undefined ? {} : { heard }),
    ...(wish === undefined ? {} : { retryAfterMs: Math.min(Math.max(wish, 0), RETRY_AFTER_MS_MAX) }),
  };
}

function matches(pattern: FailurePattern, signal: UpstreamSignal): boolean {
  const { kind, service, deadline } = pattern;
  if (kind !== undefined && kind !== signal.kind) return false;
  if (service !== undefined && service !== signal.service) return false;
  if (deadline !== undefined && deadline !== signal.deadline) return false;
  return matchesName(pattern, signal) && matchesStatus(pattern, signal);
}

function matchesName(pattern: FailurePattern, signal: UpstreamSignal): boolean {
  const name = signal.errorName ?? '';
  if (pattern.errors !== undefined && !pattern.errors.includes(name.toLowerCase())) return false;
  return pattern.text === undefined || pattern.text.test(spokenBy(signal));
}

function spokenBy({ errorName = '', message }: UpstreamSignal): string {
  return `${errorName} ${message}`;
}

function matchesStatus(pattern: FailurePattern, signal: UpstreamSignal): boolean {
  const { httpStatus, originalStatusCode } = signal;
  if (pattern.statuses !== undefined && (httpStatus === undefined || !pattern.statuses.includes(httpStatus)))
    return false;
  if (pattern.statusMin !== undefined && (httpStatus === undefined || httpStatus < pattern.statusMin))
    return false;
  if (pattern.originalStatuses === undefined) return true;
  const [first, last] = pattern.originalStatuses;
  return originalStatusCode !== undefined && originalStatusCode >= first && originalStatusCode <= last;
}
