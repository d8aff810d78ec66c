import type { FailureClass } from '../failures/failure-table.ts';
import type { TargetState } from '../target.ts';
import type { InstantMs } from '../units/instant-ms.ts';
import { COLD_BELIEVED_MS } from '../warmth/warm-word.ts';
import type { DecisionQuestion, Judged, RejectionCode, RemovalCode } from './decision.ts';
import { isFull, restsUntil } from './filters/capacity-filter.ts';
import { mayBeLawful } from './roster.ts';

/** When one of these alone explains why no lawful target is left, the answer says so. */
const explanations: readonly { readonly codes: readonly RemovalCode[]; readonly code: RejectionCode }[] = [
  { codes: ['tenant-forbidden', 'retention-forbidden'], code: 'model_not_allowed' },
  { codes: ['capability-missing', 'context-too-long'], code: 'invalid_request' },
  { codes: ['budget-exhausted', 'price-unknown'], code: 'budget_exhausted' },
  { codes: ['deadline-too-short'], code: 'deadline_exceeded' },
];

/** How a lawful target stands when nothing is left to ask. What else removes one says nothing of when to come back. */
type Standing =
  /** Its quota pool rests after a throttle, it throttled this request, or its share is taken: it takes calls again soon. */
  | 'rests'
  /** It could not hold the request even if it were empty. */
  | 'too-small'
  /** Asked by this request without success, and still taken for sound. */
  | 'failed'
  /** No budget of this request was left for it. */
  | 'unasked'
  /** Without a copy until a call has woken it. */
  | 'sleeps'
  /** Real traffic found it failing, this request's own or that of others. */
  | 'ejected';

/**
 * The answer to each mix of standings, first match wins. A caller that is to wait must have something to wait for:
 * targets that failed may answer at once, ejected ones nobody knows when, sleeping ones once they have woken, and a pool
 * that rests tells its time. One that
 * was not asked tells nothing: those that were explain why.
 */
const mixes: readonly { readonly has: Standing; readonly code: RejectionCode }[] = [
  { has: 'failed', code: 'upstream_failed' },
  { has: 'rests', code: 'capacity_exhausted' },
  { has: 'unasked', code: 'upstream_failed' },
  { has: 'sleeps', code: 'not_ready' },
  { has: 'ejected', code: 'upstream_failed' },
  { has: 'too-small', code: 'request_too_large' },
];

/**
 * Why nothing is left. No target within the residency, whatever its health: `no_lawful_target`, or `not_ready` where
 * nobody could read whether a route has one. Otherwise what the mix
 * of those that could do this work asks for; and where none could, the reason that all lawful ones share.
 */
export function rejectionOf(
  judged: readonly Judged[],
  question: DecisionQuestion,
): { readonly code: RejectionCode; readonly retryAt?: InstantMs; readonly slotSoon?: boolean } {
  const lawful = judged.filter(({ candidate }) => candidate.verdict.lawful);
  if (lawful.length === 0) return { code: withoutLawful(question) };
  const standings = new Set(lawful.map((each) => standingOf(each, question)));
  const code = standings.has('rests') ? undefined : explanationOf(lawful, question);
  const mixed = code ?? mixes.find(({ has }) => standings.has(has))?.code ?? 'upstream_failed';
  // By then somebody asks the sleeping ones again, and learns whether they have woken.
  if (mixed === 'not_ready') return { code: mixed, retryAt: question.at + COLD_BELIEVED_MS };
  if (mixed !== 'capacity_exhausted') return { code: mixed };
  const lacking = lawful.filter((each) => lacksSlot(each, question));
  const times = lawful.flatMap((each) => retryAtOf(each, question) ?? []);
  // Nobody knows when a slot comes free: soon.
  if (lacking.some((each) => retryAtOf(each, question) === undefined)) times.push(question.at + SLOT_SOON_MS);
  return {
    code: mixed,
    ...(times.length === 0 ? {} : { retryAt: Math.min(...times) }),
    ...(lacking.length > 0 ? { slotSoon: true } : {}),
  };
}

function withoutLawful(question: DecisionQuestion): RejectionCode {
  if (question.lawfulButUnusable === true) return 'upstream_failed';
  return question.routeUnknown === true && mayBeLawful(question) ? 'not_ready' : 'no_lawful_target';
}

const SLOT_SOON_MS = 1000;

function lacksSlot({ candidate, removal }: Judged, question: DecisionQuestion): boolean {
  if (removal?.code !== 'no-capacity' || question.neverFits?.has(candidate.target.id) === true) return false;
  return restsUntil(candidate, question) === undefined && isFull(candidate, question);
}

/** When one that rests may be asked again; undefined where nobody said so. */
function retryAtOf(judged: Judged, question: DecisionQuestion): InstantMs | undefined {
  const { candidate } = judged;
  const until = restsUntil(candidate, question);
  if (until !== undefined || standingOf(judged, question) !== 'rests') return until;
  return question.heard?.get(candidate.target.id)?.retryAt;
}

/** What removes a target for now, and takes nothing from what it answered to this request. */
const passing: ReadonlySet<RemovalCode> = new Set(['ejected', 'deadline-too-short']);

const asleep: ReadonlySet<TargetState> = new Set(['cold', 'warming']);

function standingOf(
  { candidate: { target }, removal }: Judged,
  question: DecisionQuestion,
): Standing | undefined {
  const { tried, heard, unasked, neverFits } = question;
  if (removal?.code === 'no-capacity') return neverFits?.has(target.id) === true ? 'too-small' : 'rests';
  if (removal?.code === 'state-unusable') return asleep.has(target.state) ? 'sleeps' : undefined;
  const failure = heard?.get(target.id)?.class;
  if (removal === undefined || passing.has(removal.code)) {
    if (failure === 'quota') return 'rests';
    if (removal?.code === 'ejected') return 'ejected';
    if (failure !== undefined) return standingAfter[failure];
    if (removal === undefined && unasked?.has(target.id) === true) return 'unasked';
  }
  return removal === undefined && tried.has(target.id) ? 'failed' : undefined;
}

/** As the targets of these failures stand where nothing else was learned of them: a count's are held against nobody. */
const standingAfter: Readonly<Record<FailureClass, Standing | undefined>> = {
  quota: 'rests',
  unable: undefined,
  'targets-fault': 'ejected',
  'callers-fault': 'failed',
  'no-capacity': 'failed',
  broken: 'failed',
  'no-credentials': 'failed',
};

/** The reason that all those share which this request has not asked. */
function explanationOf(lawful: readonly Judged[], { tried }: DecisionQuestion): RejectionCode | undefined {
  const codes = lawful
    .filter(({ candidate }) => !tried.has(candidate.target.id))
    .flatMap(({ removal }) => removal?.code ?? []);
  return explanations.find(
    (explanation) => codes.length > 0 && codes.every((code) => explanation.codes.includes(code)),
  )?.code;
}
