/** What a proof did, so that none passes by doing nothing, and what it found. */

export interface Tally {
  worlds: number;
  decisions: number;
  /** Pure decisions by what was special about them. */
  routed: number;
  rejected: number;
  retried: number;
  baselineFirst: number;
  probed: number;
  asleep: number;
  /** Requests through a whole gateway. */
  requests: number;
  answered: number;
  sentRequests: number;
  callsSent: number;
  failovers: number;
  baselineAnswers: number;
  wakeUpCalls: number;
  /** Those of them for a model that the chain will need. */
  preWarmCalls: number;
  probeCalls: number;
  hangs: number;
  lastGoodRequests: number;
  refusedHeaders: number;
  wrongGateways: number;
  noLawfulTarget: number;
  owed: number;
  /** Requests with a guardrail, and those of them that called a target. */
  guarded: number;
  guardedSent: number;
  /** Counts of tokens that called a target. */
  countsSent: number;
  /** Broken streams that another target went on with. */
  resumed: number;
  /** Slots that a target did not give, and requests that somebody else answered then. */
  slotsDenied: number;
  answeredElsewhere: number;
}

export function emptyTally(): Tally {
  return {
    worlds: 0,
    decisions: 0,
    routed: 0,
    rejected: 0,
    retried: 0,
    baselineFirst: 0,
    probed: 0,
    asleep: 0,
    requests: 0,
    answered: 0,
    sentRequests: 0,
    callsSent: 0,
    failovers: 0,
    baselineAnswers: 0,
    wakeUpCalls: 0,
    preWarmCalls: 0,
    probeCalls: 0,
    hangs: 0,
    lastGoodRequests: 0,
    refusedHeaders: 0,
    wrongGateways: 0,
    noLawfulTarget: 0,
    owed: 0,
    guarded: 0,
    guardedSent: 0,
    countsSent: 0,
    resumed: 0,
    slotsDenied: 0,
    answeredElsewhere: 0,
  };
}

/** The residency does not hold. */
export class Breach extends Error {
  /** `sent`: a call did. `decided`: a decision would have led to one. */
  readonly kind: 'sent' | 'decided';
  constructor(kind: 'sent' | 'decided', message: string) {
    super(message);
    this.name = 'Breach';
    this.kind = kind;
  }
}

/** The residency holds, but a request that could be answered was not. */
export class Denied extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Denied';
  }
}
