import type { Candidate } from '#core/decide/decision.ts';
import { answerRefusal, labelHeaders } from './answer.ts';
import { type AttemptResult, attempt } from './attempt.ts';
import { askTerms } from './chain-terms.ts';
import { deliverPlain, deliverStream } from './deliver.ts';
import type { ErrorFormat } from './dialects/dialect.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { IncomingCall } from './ingress.ts';
import type { Job, Run } from './job.ts';
import { limit } from './limit.ts';
import { preWarm } from './pre-warm.ts';
import { nothingSent } from './progress.ts';
import { rateHeaders } from './rate-headers.ts';
import type { Services } from './services.ts';
import { settle } from './settle.ts';
import type { AnswerLabels, Arrival, Placement } from './stage.ts';

/** A client that closed its connection: nobody reads this answer. The number is nginx's. */
const LEFT_STATUS = 499;

/** A call that is known whole, at a gateway that may read it. */
export interface EnteredCall {
  readonly arrival: Arrival;
  readonly placement: Placement;
  readonly call: IncomingCall;
  /** How the caller's wire format says that something went wrong. */
  readonly errors: ErrorFormat;
}

/** The life of a call behind ingress: from its limits to its answer. Whatever brings calls, each is led here. */
export async function leadCall(
  services: Services,
  { arrival, placement, call: entered, errors }: EnteredCall,
): Promise<GatewayAnswer> {
  const { model } = entered.work.request;

  const thawing = services.routeSource.whenFresh();
  if (thawing !== undefined) await thawing;
  const sourced = services.routeSource.routeFor(model, placement.policy.name);
  const tenant = placement.tenant.name;
  const asking = askTerms(services, { tenant, call: entered, arrival });
  const asked = asking === undefined ? entered : await asking;
  const chain = services.chains.join(tenant, asked, arrival);
  const call = chain === undefined ? asked : { ...asked, options: chain.options };
  const marks = services.affinity.marksOf(placement, call);
  const notes = services.audit?.open();
  const uncharged: Job = { arrival, placement, call, sourced, marks, chain, notes };
  const bound = { requestId: arrival.requestId, residency: placement.policy.name };
  const form = { labels: { ...bound, model, traceState: chain?.traceState }, errors };
  const limiting = limit(services, uncharged);
  // A tenant without limits waits for nothing here.
  const limited = limiting === undefined ? undefined : await limiting;
  const run = { services, job: limited === undefined ? uncharged : { ...uncharged, charge: limited.charge } };
  if (limited?.refusal !== undefined) {
    return deliver(run, { kind: 'refused', refusal: limited.refusal, log: nothingSent }, form);
  }
  services.book.countRequest(services.clock.now());
  const preWarms = preWarm(run);
  const warming = preWarms === undefined ? run : { services, job: { ...run.job, preWarms } };
  return deliver(warming, await attemptNoted(warming), form);
}

/** What a defect of ours ends has sent its prompt to somebody all the same. */
function attemptNoted(run: Run): Promise<AttemptResult> {
  const { audit } = run.services;
  const attempting = attempt(run);
  if (audit === undefined) return attempting;
  return attempting.catch((error: unknown) => {
    audit.ended(run.job, { outcome: 'internal_error', log: nothingSent }, undefined);
    throw error;
  });
}

function deliver(
  run: Run,
  result: AttemptResult,
  { labels, errors }: { readonly labels: AnswerLabels; readonly errors: ErrorFormat },
): GatewayAnswer {
  const { services, job } = run;
  const { log } = result;
  const sent: AnswerLabels = { ...labels, attempts: log.callsSent, rateHeaders: ratesIn(run, errors) };
  switch (result.kind) {
    case 'left':
      settle(services, job, { outcome: 'cancelled', log });
      return { status: LEFT_STATUS, headers: labelHeaders(sent), body: null };
    case 'refused':
      settle(services, job, { outcome: result.refusal.code, log });
      return answerRefusal(result.refusal, sent, errors);
    case 'answered':
      settle(services, job, { outcome: 'answered', log, answering: result.answering, answer: result.answer });
      return deliverPlain(run, result.answer, withTarget(sent, result.answering.candidate));
    case 'streaming': {
      const { answering } = result;
      return deliverStream(run, { answering, log, labels: withTarget(sent, answering.candidate) });
    }
  }
}

function ratesIn({ services, job }: Run, errors: ErrorFormat): AnswerLabels['rateHeaders'] {
  return job.charge === undefined
    ? undefined
    : rateHeaders(job.charge.views(), { errors, at: services.clock.now() });
}

function withTarget(labels: AnswerLabels, { target, tier, verdict, maxTokens }: Candidate): AnswerLabels {
  // Work without output tokens has no bound on them.
  const bound = maxTokens === 0 ? undefined : maxTokens;
  return { ...labels, target, tier, maxTokens: bound, reach: verdict.lawful ? verdict.reach : undefined };
}
