import { requestHeaders } from '#contract/http.ts';
import type { ChatFeature } from '#core/chat/chat-request.ts';
import type { Decision, RejectionCode, Removal } from '#core/decide/decision.ts';
import type { FailureVerdict } from '#core/failures/classify-failure.ts';
import { failureTable } from '#core/failures/failure-table.ts';
import { redactUpstreamText } from '#core/failures/redact-upstream-text.ts';
import type { AttemptRecord } from '../ports/gateway-metrics.ts';
import type { UpstreamFailure } from '../ports/model-invoker.ts';
import type { TokensHeld } from './decide.ts';
import { REFRESH_EVERY_MS } from './route-source.ts';
import type { Refusal } from './stage.ts';

interface LastWord {
  /** The logical model that was asked for. */
  readonly model: string;
  readonly code: RejectionCode;
  readonly decision: Decision;
  readonly attempts: readonly AttemptRecord[];
  readonly verdict?: FailureVerdict | undefined;
  /** The failure in which a target said that the request itself is wrong. */
  readonly callersFault?: UpstreamFailure | undefined;
  /** The call names a guardrail, whose own reach nobody can tell. @default false */
  readonly guardrail?: boolean | undefined;
  /** What targets of the model were heard to refuse of what the request has. */
  readonly refused: readonly ChatFeature[];
  /** Of targets that the request never fits into. @default - none */
  readonly tooSmall?: readonly TokensHeld[] | undefined;
  /** The largest context window, in tokens, of lawful targets that were left out for theirs. @default - none was */
  readonly windowTokensMax?: number | undefined;
  /** Its deadline is that of its chain, and not its own. @default false */
  readonly chainsDeadline?: boolean | undefined;
  readonly at: number;
}

/** Codes that stand even though targets were called: they say more than `upstream_failed`. */
const afterCalls: ReadonlySet<RejectionCode> = new Set([
  'capacity_exhausted',
  'not_ready',
  'request_too_large',
  'deadline_exceeded',
  'upstream_failed',
]);

const unableOutcomes: ReadonlySet<string> = new Set(
  failureTable.filter((row) => row.class === 'unable').map((row) => row.outcome),
);

/** What the caller is told when no target answered. Names outcomes, never accounts or addresses. */
export function refusalAfter(last: LastWord): Refusal {
  const { attempts, callersFault, decision, at } = last;
  if (callersFault !== undefined && last.verdict?.class === 'callers-fault') {
    const message = `The model refused the request: ${redactUpstreamText(callersFault.signal.message)}`;
    // A client that hears it sends less: one that hears 400 gives up.
    const tooLarge = last.verdict.outcome === 'request-too-large';
    return { code: tooLarge ? 'request_too_large' : 'invalid_request', message };
  }
  const unable = attempts.length > 0 && attempts.every(({ outcome }) => unableOutcomes.has(outcome));
  if (unable && last.code !== 'deadline_exceeded') {
    const message = `No target of the model "${last.model}" can do what this request asks${featuresIn(last)}${tried(attempts)}.`;
    return { code: 'invalid_request', message };
  }
  const code = attempts.length > 0 && !afterCalls.has(last.code) ? 'upstream_failed' : last.code;
  const retryAt = decision.kind === 'rejected' ? decision.retryAt : undefined;
  return { code, message: messageOf(code, last), retryAfterMs: retryAfterOf(code, retryAt, at) };
}

function retryAfterOf(code: RejectionCode, retryAt: number | undefined, at: number): number | undefined {
  if (code === 'not_ready') return retryAt === undefined ? REFRESH_EVERY_MS : Math.max(1, retryAt - at);
  return code === 'capacity_exhausted' ? Math.max(1, (retryAt ?? at + 1000) - at) : undefined;
}

function messageOf(code: RejectionCode, last: LastWord): string {
  const { attempts, decision, guardrail } = last;
  switch (code) {
    case 'no_lawful_target':
      return guardrail === true
        ? 'A guardrail may infer in other regions than its own, so that a call with one is lawful only under a residency without bounds. Nothing was sent.'
        : 'No target of this model lies wholly inside the residency, whatever its health. Nothing was sent.';
    case 'not_ready':
      return decision.kind === 'rejected' && decision.retryAt !== undefined
        ? `Every lawful target that is left sleeps${tried(attempts)}. A call wakes it, which takes minutes: try again after the time in retry-after.`
        : 'The routes of this model cannot be read now, and it has no baseline here. Nothing was sent.';
    case 'model_not_allowed':
      return 'No target of this model is open to this tenant under this residency.';
    case 'invalid_request':
      return `No target of the model "${last.model}" can take this request${featuresIn(last)}: ${removalCodes(decision)}.`;
    case 'budget_exhausted':
      return 'Every target could cost more than the limit of this request, or its price is unknown.';
    case 'capacity_exhausted':
      return `Every lawful target that could be asked is at its limit${tried(attempts)}. Try again after the time in retry-after.`;
    case 'request_too_large':
      return tooLargeMessage(last);
    case 'deadline_exceeded':
      return deadlineMessage(last);
    case 'upstream_failed':
      return attempts.length === 0
        ? `Lawful targets exist, but none is usable now: ${removalCodes(decision)}.`
        : `No lawful target answered${tried(attempts)}.`;
  }
}

function deadlineMessage({ attempts, chainsDeadline }: LastWord): string {
  if (attempts.length > 0) return `The deadline passed before an answer was whole${tried(attempts)}.`;
  const whose =
    chainsDeadline === true
      ? ` The first call of its trace set the deadline; a call that names ${requestHeaders.deadlineMs} has its own.`
      : '';
  return `The deadline passed before any target was asked.${whose}`;
}

/** The least that any of them needs: their engines keep the same tokens in more or less memory. */
function tooLargeMessage({ model, tooSmall = [], windowTokensMax }: LastWord): string {
  const [memory, quota] = (['memory', 'quota'] as const).map((of) => {
    const those = tooSmall.filter((each) => each.of === of);
    if (those.length === 0) return undefined;
    const needed = Math.min(...those.map(({ neededTokens }) => neededTokens));
    const held = Math.max(...those.map(({ heldTokens }) => heldTokens));
    return { needed, held };
  });
  const reasons = [
    ...(memory === undefined
      ? []
      : [
          `may take ${memory.needed} tokens of memory with its longest answer, and no dedicated target of the model "${model}" holds more than ${memory.held} at a time`,
        ]),
    ...(quota === undefined
      ? []
      : [
          `counts for ${quota.needed} tokens with its longest answer, and no token quota of the model "${model}" brings more than ${quota.held} a minute`,
        ]),
    ...(windowTokensMax === undefined
      ? []
      : [
          `is longer than the context windows of the other targets, which take ${windowTokensMax} tokens at most`,
        ]),
  ];
  return `This request ${reasons.join('; it ')}, so that it never fits. Ask for a shorter answer, or send less.`;
}

/** What of the request targets of this model refuse, by name. */
function featuresIn({ refused, attempts, verdict }: LastWord): string {
  const said = attempts.flatMap(({ outcome }) => needOfOutcome[outcome] ?? []);
  // What a count was refused is not held against chats, and heard here alone.
  const names = new Set([...refused, ...said, ...(verdict?.refused === undefined ? [] : [verdict.refused])]);
  return names.size === 0 ? '' : `, because it has ${[...names].join(', ')}`;
}

/** Outcomes that say which need of the request was refused. `capability-refused` was heard to name a feature. */
const needOfOutcome: Readonly<Record<string, string>> = {
  'dimensions-differ': 'dimensions',
  'counting-unsupported': 'token-count',
};

function tried(attempts: readonly AttemptRecord[]): string {
  return attempts.length === 0 ? '' : ` (tried: ${attempts.map(({ outcome }) => outcome).join(', ')})`;
}

/** A code, and what is missing where something is. */
function reasonOf({ code, missing }: Removal): string {
  return missing === undefined || missing.length === 0 ? code : `${code} (${missing.join(', ')})`;
}

function removalCodes({ trail }: Decision): string {
  const reasons = trail.removed.filter(({ code }) => code !== 'residency-forbidden').map(reasonOf);
  const codes = new Set(reasons);
  return codes.size === 0 ? 'none is left to try' : [...codes].join(', ');
}
