import type { RouteList } from '#contract/route-history.ts';
import { lanes } from '#core/capacity/lane.ts';
import { laneOfCall } from '#core/capacity/lane-of-call.ts';
import { answerJson, answerRefusal } from './answer.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identifyViewer } from './identify-viewer.ts';
import { modelsOf } from './ingress.ts';
import type { Services } from './services.ts';
import type { Arrival } from './stage.ts';

/** GET /spillway/v1/routes: what the viewer may ask about, and which routes this gateway works with. */
export async function answerRouteList(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { request, requestId } = arrival;
  const identified = await identifyViewer(services, request);
  if (!identified.ok) return answerRefusal(identified.refusal, { requestId });
  await services.routeSource.whenFresh();
  const { config, region } = services;
  const { tenant } = identified.value;
  const names = modelsOf(config, tenant);
  const residencies = tenant.residencies.filter((name) => services.policies.has(name));
  const rights = config.tenants[tenant.name] ?? {};
  const usual = laneOfCall(undefined, rights);
  const list: RouteList = {
    from: region,
    gateways: [...config.gateways],
    lanes: lanes.filter((lane) => laneOfCall(lane, rights).kind === 'lane'),
    ...(usual.kind === 'lane' ? { defaultLane: usual.lane } : {}),
    models: names.flatMap((name) => {
      const kind = config.models[name]?.kind;
      return kind === undefined ? [] : [{ name, kind }];
    }),
    residencies,
    ...(tenant.defaultResidency === undefined ? {} : { defaultResidency: tenant.defaultResidency }),
    routes: names.flatMap((model) => residencies.map((residency) => summaryOf(services, model, residency))),
  };
  return answerJson(list, { requestId });
}

function summaryOf(
  { routeSource }: Pick<Services, 'routeSource'>,
  model: string,
  residency: string,
): RouteList['routes'][number] {
  const { version, source, targets, baseline } = routeSource.routeFor(model, residency);
  return { model, residency, version, source, targets: targets.length, baseline: baseline.length };
}
