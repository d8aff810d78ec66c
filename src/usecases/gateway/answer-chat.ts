import { answerRefusal } from './answer.ts';
import { type AttemptResult, attempt } from './attempt.ts';
import type { ChatJob } from './chat-job.ts';
import { deliverPlain, deliverStream } from './deliver.ts';
import { identify } from './identify.ts';
import { ingress } from './ingress.ts';
import { place, wrongGateway } from './place.ts';
import { residencyOf } from './residency-of.ts';
import type { Services } from './services.ts';
import { settle } from './settle.ts';
import type { AnswerLabels, Arrival } from './stage.ts';

/** A client that closed its connection: nobody reads this answer. The number is nginx's. */
const LEFT_STATUS = 499;

/** POST /v1/chat/completions: the life of one request, top to bottom. Data flows down, never back up. */
export async function answerChat(services: Services, arrival: Arrival): Promise<Response> {
  const { request, requestId } = arrival;
  const start: AnswerLabels = { requestId };

  const identified = await identify(services.tenants, request.headers);
  if (!identified.ok) return answerRefusal(identified.refusal, start);

  const placed = place(placeContext(services), identified.value, residencyOf(request.headers));
  if (!placed.ok) return answerRefusal(placed.refusal, start);
  const placement = placed.value;
  const bound: AnswerLabels = { ...start, residency: placement.policy.name };
  if (!placement.lawfulHere)
    return answerWrongGateway(
      services,
      arrival,
      placement.policy.name,
      answerRefusal(wrongGateway(placement, services.region), bound),
    );

  const entered = await ingress(services.config, placement.tenant, request);
  if (!entered.ok) return answerRefusal(entered.refusal, bound);
  const model = entered.value.request.model;

  await services.routeSource.whenFresh();
  const sourced = services.routeSource.routeFor(model, placement.policy.name);
  const job: ChatJob = { arrival, placement, chat: entered.value, sourced };
  services.book.countRequest(services.clock.now());
  const result = await attempt(services, job);
  return deliver(services, job, result, { ...bound, model });
}

export function placeContext(services: Services) {
  const { region, policies, config, gatewayUrls } = services;
  return { region, policies, gateways: config.gateways, gatewayUrls };
}

/** Audited: somebody's prompt came to a place where it must not be. */
function answerWrongGateway(
  services: Services,
  { requestId }: Arrival,
  residency: string,
  response: Response,
): Response {
  services.log.write('warn', 'wrong-gateway-region', {
    requestId,
    residency,
    gatewayRegion: services.region,
  });
  return response;
}

function deliver(services: Services, job: ChatJob, result: AttemptResult, labels: AnswerLabels): Response {
  const { log } = result;
  const sent: AnswerLabels = { ...labels, attempts: log.attempts.length };
  switch (result.kind) {
    case 'left':
      settle(services, job, { outcome: 'cancelled', log });
      return new Response(null, { status: LEFT_STATUS });
    case 'refused':
      settle(services, job, { outcome: result.refusal.code, log });
      return answerRefusal(result.refusal, sent);
    case 'answered':
      settle(services, job, { outcome: 'answered', log, answering: result.answering, answer: result.answer });
      return deliverPlain(job, result.answer, withTarget(sent, result.answering.candidate));
    case 'streaming': {
      const { answering } = result;
      return deliverStream(services, job, { answering, log, labels: withTarget(sent, answering.candidate) });
    }
  }
}

function withTarget(
  labels: AnswerLabels,
  {
    target,
    tier,
    verdict,
    maxTokens,
  }: Extract<AttemptResult, { kind: 'answered' }>['answering']['candidate'],
): AnswerLabels {
  return { ...labels, target, tier, maxTokens, reach: verdict.lawful ? verdict.reach : undefined };
}
