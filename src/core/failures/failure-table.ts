/**
 * core/failures: what a failed call to a target means, and what happens next.
 *
 * Invariant: one table, read top-down, first match wins; it is used before a stream and inside one, for plain and
 * for streamed answers alike. The last row matches everything. The folder owns no state; `retry-budget.ts` describes
 * state that its caller holds.
 *
 *     signal (adapter's facts) ── table ── verdict (class, outcome) ── decide again without this target
 */
import { featureRefusal } from './refused-feature.ts';
import type { UpstreamSignal } from './upstream-signal.ts';

/**
 * `callers-fault`: answered at once, no failover, no health effect. `targets-fault`: next target, told to the control
 * plane. `unable`: next target, no health effect: it cannot do what this request asks, and that was not known before.
 * `quota`: a target of another quota pool; this pool rests. `no-capacity`: next target at once. `broken`: next
 * target, health effect. `no-credentials`: next target, no health effect.
 */
export type FailureClass =
  | 'callers-fault'
  | 'targets-fault'
  | 'unable'
  | 'quota'
  | 'no-capacity'
  | 'broken'
  | 'no-credentials';

/** How an attempt ended: a closed list, used as a metric label and in signals. */
export type FailureOutcome = (typeof failureTable)[number]['outcome'];

export interface FailureRow {
  readonly outcome: string;
  readonly class: FailureClass;
  readonly when: FailurePattern;
  /** The failure says that the whole source region is short, not only this model. */
  readonly countsAgainstRegion?: true;
  /** A caller's fault on this target only: one with a larger context may still answer. */
  readonly largerContextHelps?: true;
  /** A scaled-to-zero target said that it has no copy. */
  readonly cold?: true;
  /** One of our own clocks ended the call, so nothing can be said of the target. */
  readonly noHealthEffect?: true;
}

/** All members that are given must match. */
export interface FailurePattern {
  readonly kind?: UpstreamSignal['kind'];
  readonly service?: UpstreamSignal['service'];
  readonly deadline?: UpstreamSignal['deadline'];
  /** AWS error names, lower case: streams spell them with a small first letter. */
  readonly errors?: readonly string[];
  /** Against the upstream's text and its error name; AWS documents none of these sentences, so match few words. */
  readonly text?: RegExp;
  readonly statuses?: readonly number[];
  /** Any status from this one on. */
  readonly statusMin?: number;
  /** Status of the container behind, both included. */
  readonly originalStatuses?: readonly [number, number];
}

const tokenErrors = [
  'expiredtoken',
  'expiredtokenexception',
  'incompletesignature',
  'incompletesignatureexception',
  'requestexpired',
  'invalidsignatureexception',
  'signaturedoesnotmatch',
  'unrecognizedclientexception',
  'invalidclienttokenid',
  'missingauthenticationtoken',
  'missingauthenticationtokenexception',
];
const throttles = [
  'throttlingexception',
  'throttling',
  'throttlederror',
  'toomanyrequestsexception',
  'requestlimitexceeded',
];
const containerErrors = ['modelerror', 'modelerrorexception'];
const streamErrors = ['modelstreamerrorexception', 'modelstreamerror', 'internalstreamfailure'];
const validations = ['validationexception', 'validationerror'];
const tooLong =
  /too long|too many (input )?tokens|context (length|window|limit)|maximum context|max(imum)? (input|prompt) (length|tokens)|`inputs` (tokens \+|must have less)/i;

/** Our own name for vectors of another length than asked for: no service says so itself. */
export const DIMENSIONS_DIFFER = 'dimensionsdiffer';

/** Section numbers and sources: docs/errors.md. */
export const failureTable = [
  {
    outcome: 'total-timeout',
    class: 'broken',
    noHealthEffect: true,
    when: { kind: 'timeout', deadline: 'total' },
  },
  { outcome: 'connect-timeout', class: 'broken', when: { kind: 'timeout', deadline: 'connect' } },
  {
    outcome: 'between-tokens-timeout',
    class: 'broken',
    when: { kind: 'timeout', deadline: 'between-tokens' },
  },
  { outcome: 'first-content-timeout', class: 'broken', when: { kind: 'timeout' } },
  { outcome: 'connect-failed', class: 'broken', when: { kind: 'connect' } },
  { outcome: 'connection-reset', class: 'broken', when: { kind: 'reset' } },
  { outcome: 'dimensions-differ', class: 'unable', when: { kind: 'answer', errors: [DIMENSIONS_DIFFER] } },
  { outcome: 'malformed-answer', class: 'broken', when: { kind: 'malformed' } },
  { outcome: 'incomplete-answer', class: 'broken', when: { kind: 'incomplete' } },
  { outcome: 'role-unavailable', class: 'no-credentials', when: { kind: 'credentials' } },

  { outcome: 'credentials-rejected', class: 'no-credentials', when: { errors: tokenErrors } },
  { outcome: 'model-not-ready', class: 'no-capacity', when: { errors: ['modelnotreadyexception'] } },
  { outcome: 'throttled', class: 'quota', when: { errors: throttles } },
  { outcome: 'quota-exceeded', class: 'quota', when: { errors: ['servicequotaexceededexception'] } },
  {
    outcome: 'form-missing',
    class: 'targets-fault',
    when: { text: /FTUFormNotFilled|use case details|first[- ]time use/i },
  },
  {
    outcome: 'agreement-pending',
    class: 'targets-fault',
    when: {
      text: /MPAgreementBeingCreated|subscription.*being processed|agreement.*being (processed|created)/i,
    },
  },
  {
    outcome: 'needs-profile',
    class: 'targets-fault',
    when: { errors: validations, text: /on-demand throughput/i },
  },
  {
    outcome: 'invalid-model-id',
    class: 'targets-fault',
    when: { errors: validations, text: /model identifier is invalid/i },
  },
  {
    outcome: 'capability-refused',
    class: 'unable',
    when: { errors: [...validations, ...containerErrors, 'accessdeniedexception'], text: featureRefusal },
  },
  {
    outcome: 'counting-unsupported',
    class: 'unable',
    when: { errors: validations, text: /support counting tokens|CountTokens/i },
  },
  {
    outcome: 'cold',
    class: 'no-capacity',
    cold: true,
    when: { service: 'sagemaker-runtime', errors: validations, text: /no capacity to process/i },
  },
  {
    outcome: 'endpoint-missing',
    class: 'targets-fault',
    when: {
      service: 'sagemaker-runtime',
      errors: validations,
      text: /(endpoint|component)\b.*\b(not found|not exist|could not be found)|could not find (the )?(endpoint|inference component)/i,
    },
  },

  {
    outcome: 'container-throttled',
    class: 'no-capacity',
    when: { errors: containerErrors, originalStatuses: [429, 429] },
  },
  {
    outcome: 'container-unavailable',
    class: 'no-capacity',
    when: { errors: containerErrors, originalStatuses: [503, 503] },
  },
  {
    outcome: 'container-timeout',
    class: 'broken',
    when: { errors: containerErrors, originalStatuses: [408, 408] },
  },
  // TGI's status for a generation that failed.
  {
    outcome: 'container-error',
    class: 'broken',
    when: { errors: containerErrors, originalStatuses: [424, 424] },
  },
  {
    outcome: 'context-too-long',
    class: 'callers-fault',
    largerContextHelps: true,
    when: { errors: containerErrors, originalStatuses: [400, 499], text: tooLong },
  },
  {
    outcome: 'container-refused',
    class: 'callers-fault',
    when: { errors: containerErrors, originalStatuses: [400, 499] },
  },
  { outcome: 'container-error', class: 'broken', when: { errors: containerErrors } },
  { outcome: 'stream-error', class: 'broken', when: { errors: streamErrors } },
  { outcome: 'model-timeout', class: 'broken', when: { errors: ['modeltimeoutexception'] } },

  {
    outcome: 'context-too-long',
    class: 'callers-fault',
    largerContextHelps: true,
    when: { errors: validations, text: tooLong },
  },
  { outcome: 'invalid-request', class: 'callers-fault', when: { errors: validations } },
  {
    outcome: 'access-denied',
    class: 'targets-fault',
    when: { errors: ['accessdeniedexception', 'accessdenied', 'optinrequired', 'notauthorized'] },
  },
  {
    outcome: 'not-found',
    class: 'targets-fault',
    when: { errors: ['resourcenotfoundexception', 'resourcenotfound'] },
  },
  {
    outcome: 'service-unavailable',
    class: 'no-capacity',
    countsAgainstRegion: true,
    when: { errors: ['serviceunavailableexception', 'serviceunavailable'] },
  },
  {
    outcome: 'server-error',
    class: 'broken',
    when: { errors: ['internalserverexception', 'internalfailure', 'internaldependencyexception'] },
  },

  { outcome: 'credentials-rejected', class: 'no-credentials', when: { statuses: [401] } },
  { outcome: 'access-denied', class: 'targets-fault', when: { statuses: [403] } },
  { outcome: 'not-found', class: 'targets-fault', when: { statuses: [404] } },
  { outcome: 'model-timeout', class: 'broken', when: { statuses: [408] } },
  { outcome: 'throttled', class: 'quota', when: { statuses: [429] } },
  { outcome: 'container-error', class: 'broken', when: { statuses: [424] } },
  { outcome: 'request-too-large', class: 'callers-fault', when: { statuses: [413] } },
  { outcome: 'invalid-request', class: 'callers-fault', when: { statuses: [400, 422] } },
  {
    outcome: 'service-unavailable',
    class: 'no-capacity',
    countsAgainstRegion: true,
    when: { statuses: [503] },
  },
  { outcome: 'server-error', class: 'broken', when: { statusMin: 500 } },
  { outcome: 'unclassified', class: 'broken', when: {} },
] as const satisfies readonly FailureRow[];
