import type { Decision, RejectionCode } from '#core/decide/decision.ts';
import type { FailureVerdict } from '#core/failures/classify-failure.ts';
import { redactUpstreamText } from '#core/failures/redact-upstream-text.ts';
import type { AttemptRecord } from '../ports/gateway-metrics.ts';
import type { UpstreamFailure } from '../ports/model-invoker.ts';
import type { Refusal } from './stage.ts';

interface LastWord {
  readonly code: RejectionCode;
  readonly decision: Decision;
  readonly attempts: readonly AttemptRecord[];
  readonly verdict?: FailureVerdict | undefined;
  /** The failure in which a target said that the request itself is wrong. */
  readonly callersFault?: UpstreamFailure | undefined;
  readonly at: number;
}

/** Codes that stand even though targets were called: they say more than `upstream_failed`. */
const afterCalls: ReadonlySet<RejectionCode> = new Set([
  'capacity_exhausted',
  'deadline_exceeded',
  'upstream_failed',
]);

/** What the caller is told when no target answered. Names outcomes, never accounts or addresses. */
export function refusalAfter(last: LastWord): Refusal {
  const { attempts, callersFault, decision, at } = last;
  if (callersFault !== undefined && last.verdict?.class === 'callers-fault') {
    const message = `The model refused the request: ${redactUpstreamText(callersFault.signal.message)}`;
    return { code: 'invalid_request', message };
  }
  const code = attempts.length > 0 && !afterCalls.has(last.code) ? 'upstream_failed' : last.code;
  const retryAt = decision.kind === 'rejected' ? decision.retryAt : undefined;
  const retryAfterMs = code === 'capacity_exhausted' ? Math.max(1, (retryAt ?? at + 1000) - at) : undefined;
  return { code, message: messageOf(code, last), retryAfterMs };
}

function messageOf(code: RejectionCode, { attempts, decision }: LastWord): string {
  switch (code) {
    case 'no_lawful_target':
      return 'No target of this model lies wholly inside the residency, whatever its health. Nothing was sent.';
    case 'model_not_allowed':
      return 'No target of this model is open to this tenant under this residency.';
    case 'invalid_request':
      return `No target of this model can take this request: ${removalCodes(decision)}.`;
    case 'budget_exhausted':
      return 'Every target could cost more than the limit of this request, or its price is unknown.';
    case 'capacity_exhausted':
      return `Every lawful target is at its limit${tried(attempts)}. Try again after the time in retry-after.`;
    case 'deadline_exceeded':
      return `The deadline passed before an answer was whole${tried(attempts)}.`;
    case 'upstream_failed':
      return attempts.length === 0
        ? `Lawful targets exist, but none is usable now: ${removalCodes(decision)}.`
        : `No lawful target answered${tried(attempts)}.`;
  }
}

function tried(attempts: readonly AttemptRecord[]): string {
  return attempts.length === 0 ? '' : ` (tried: ${attempts.map(({ outcome }) => outcome).join(', ')})`;
}

function removalCodes({ trail }: Decision): string {
  const codes = new Set(
    trail.removed.map(({ code }) => code).filter((code) => code !== 'residency-forbidden'),
  );
  return codes.size === 0 ? 'none is left to try' : [...codes].join(', ');
}
