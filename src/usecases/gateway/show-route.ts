import { orderFrom } from '#core/plan/order-from.ts';
import type { Route } from '#core/plan/route.ts';
import { isRegionId } from '#core/units/region-id.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { askedRoute } from './asked-route.ts';
import { bounded } from './bounded.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { Services } from './services.ts';
import type { Arrival, Refusal } from './stage.ts';

const STORE_MS_MAX = 1000;

/** GET /spillway/v1/routes/{model}?residency=&from=: the table's item; `from` orders its targets as seen from there. */
export async function answerRoute(
  services: Services,
  arrival: Arrival,
  model: string,
): Promise<GatewayAnswer> {
  const asked = await askedRoute(services, arrival, model);
  if (!asked.ok) return answerRefusal(asked.refusal, asked.labels);
  const { residency, labels } = asked;
  const from = arrival.url.searchParams.get('from');
  if (from !== null && !isRegionId(from)) return answerRefusal(badFrom, labels);
  const route = await routeOf(services, model, residency);
  if (route === undefined) return answerRefusal(noRoute(model, residency), labels);
  const targets = from === null ? route.targets : orderFrom(route.targets, from, services.facts);
  return answerJson({ ...route, targets }, labels);
}

/** The table's own word; where it does not answer, what this gateway works with. */
async function routeOf(services: Services, model: string, residency: string): Promise<Route | undefined> {
  const known = services.routeSource.routeFor(model, residency).route;
  try {
    return (await bounded(services.clock, STORE_MS_MAX, services.routes.load(model, residency))) ?? known;
  } catch {
    return known;
  }
}

const badFrom: Refusal = {
  code: 'invalid_request',
  message: 'The parameter "from" must be a region code such as "eu-central-1".',
  param: 'from',
};

function noRoute(model: string, residency: string): Refusal {
  return {
    code: 'not_found',
    message: `No route is published for the model "${model}" under the residency "${residency}"; its baseline, if it has one, still answers.`,
  };
}
