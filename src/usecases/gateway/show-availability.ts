import type { SpillwayConfig } from '#contract/config.ts';
import { observedPlaces } from '#core/metrics/metric-shape.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { bounded } from './bounded.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identify } from './identify.ts';
import { modelsOf, unknownModel } from './ingress.ts';
import type { Services } from './services.ts';
import { loadDenials } from './show-availability-denials.ts';
import { availabilityOf } from './show-availability-targets.ts';
import type { Arrival } from './stage.ts';

const STORE_MS_MAX = 5000;

/** GET /spillway/v1/availability?model=&region=&account=: what discovery and the data path know, from the tables. */
export async function answerAvailability(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { request, requestId, url } = arrival;
  const { config, clock, observations, tenants } = services;
  const identified = await identify(tenants, request);
  if (!identified.ok) return answerRefusal(identified.refusal, { requestId });
  const model = url.searchParams.get('model') ?? undefined;
  if (model !== undefined && !isKnown(config, model)) {
    return answerRefusal(unknownModel(config, identified.value, model), { requestId });
  }
  const fits = (place: { readonly account: string; readonly region: string }): boolean =>
    matches(url, 'region', place.region) && matches(url, 'account', place.account);
  try {
    const [{ regions }, denials] = await Promise.all([
      bounded(clock, STORE_MS_MAX, observations.loadAll()),
      loadDenials(services, STORE_MS_MAX),
    ]);
    const visible = new Set(modelsOf(config, identified.value));
    const configured = observedPlaces(config).some(fits);
    const shown = availabilityOf(
      services,
      { regions: regions.filter(fits), denials, configured },
      { model, visible },
    );
    return answerJson(shown, { requestId });
  } catch {
    const message =
      'What discovery knows cannot be read at this moment. Answers to requests do not depend on it.';
    return answerRefusal({ code: 'not_ready', message, retryAfterMs: 5000 }, { requestId });
  }
}

function matches(url: URL, parameter: string, value: string): boolean {
  const wanted = url.searchParams.get(parameter);
  return wanted === null || wanted === '' || wanted === value;
}

/** A logical model, or the id of one of the models that discovery may have seen. */
function isKnown(config: SpillwayConfig, model: string): boolean {
  return model === '' || Object.hasOwn(config.models, model) || model.includes('.');
}
