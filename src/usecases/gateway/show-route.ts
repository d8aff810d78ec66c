import { orderFrom } from '#core/plan/order-from.ts';
import type { Route } from '#core/plan/route.ts';
import { isRegionId } from '#core/units/region-id.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { type AskedRoute, askedRoute } from './asked-route.ts';
import { bounded } from './bounded.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { Services } from './services.ts';
import type { Arrival, Refusal } from './stage.ts';
import { namedTargets, toldTargets } from './told-changes.ts';
import { routedVisibleTo } from './visible-targets.ts';

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
  const reason = await toldReason(services, asked, route);
  // A table may still hold what the residency forbids since: no call goes there, and no viewer is told of it.
  const isVisible = routedVisibleTo(services, asked.viewer);
  const lawful = { targets: targets.filter(isVisible), baseline: route.baseline.filter(isVisible) };
  return answerJson({ ...route, reason, ...lawful }, labels);
}

/**
 * Without targets that the viewer may not be told of. What it names beside the route's own was in an older version: those
 * are read where it names one.
 */
async function toldReason(services: Services, { viewer }: AskedRoute, route: Route): Promise<string> {
  if (viewer.isOperator) return route.reason;
  const own = new Set([...route.targets, ...route.baseline].map(({ id }) => id));
  const isOther = namedTargets(route.reason).some((id) => !own.has(id));
  const versions = isOther ? await olderVersions(services, route) : [];
  return toldTargets(services, viewer, [route, ...versions]).reason(route.reason);
}

async function olderVersions(
  { clock, routes }: Services,
  { model, residency }: Route,
): Promise<readonly Route[]> {
  try {
    return await bounded(clock, STORE_MS_MAX, routes.loadHistory(model, residency));
  } catch {
    return [];
  }
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
