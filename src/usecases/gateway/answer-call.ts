import { requestHeaders } from '#contract/http.ts';
import { answerRefusal } from './answer.ts';
import type { CallEndpoint } from './endpoints.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identify } from './identify.ts';
import { ingress } from './ingress.ts';
import { leadCall } from './lead-call.ts';
import { place, wrongGateway } from './place.ts';
import type { Services } from './services.ts';
import type { AnswerLabels, Arrival, Placement } from './stage.ts';

/** A call of a model: the life of one request, top to bottom. Data flows down, never back up. */
export async function answerCall(
  services: Services,
  arrival: Arrival,
  { dialect, path }: CallEndpoint,
): Promise<GatewayAnswer> {
  const { request, requestId } = arrival;
  const { errors } = dialect;
  const start: AnswerLabels = { requestId };

  const identified = await identify(services.tenants, request);
  if (!identified.ok) return answerRefusal(identified.refusal, start, errors);

  const tenantAsked = identified.value;
  const placed = place(services, tenantAsked, request.headers.get(requestHeaders.residency));
  if (!placed.ok) {
    services.audit?.turnedAway(arrival, { tenant: tenantAsked, refusal: placed.refusal });
    return answerRefusal(placed.refusal, start, errors);
  }
  const placement = placed.value;
  const bound: AnswerLabels = { ...start, residency: placement.policy.name };
  if (!placement.lawfulHere) {
    auditWrongGateway(services, arrival, placement);
    return answerRefusal(wrongGateway(placement, services.region), bound, errors);
  }

  const entered = await ingress(services.config, { request, tenant: placement.tenant, dialect, path });
  if (!entered.ok) {
    services.audit?.turnedAway(arrival, { tenant: tenantAsked, placement, refusal: entered.refusal });
    return answerRefusal(entered.refusal, bound, errors);
  }
  return leadCall(services, { arrival, placement, call: entered.value, errors });
}

/** Somebody's prompt came to a place where it must not be. */
function auditWrongGateway(services: Services, arrival: Arrival, placement: Placement): void {
  const { tenant, policy } = placement;
  const { requestId } = arrival;
  const facts = { requestId, tenant: tenant.name, residency: policy.name, gatewayRegion: services.region };
  services.log.write('warn', 'wrong-gateway-region', facts);
  services.audit?.turnedAway(arrival, { tenant, placement, refusal: { code: 'wrong_gateway_region' } });
}
