import { observedPlaces } from '#core/metrics/metric-shape.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { bounded } from './bounded.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { identifyViewer } from './identify-viewer.ts';
import { modelsOf, unknownModel } from './ingress.ts';
import type { Services } from './services.ts';
import { loadDenials } from './show-availability-denials.ts';
import { availabilityOf } from './show-availability-targets.ts';
import type { Arrival } from './stage.ts';
import { visibleTo } from './visible-targets.ts';

const STORE_MS_MAX = 5000;

/** GET /spillway/v1/availability?model=&region=&account=: what discovery and the data path know, from the tables, of targets that the caller may use; of all for an operator. */
export async function answerAvailability(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { request, requestId, url } = arrival;
  const { config, clock, observations } = services;
  const identified = await identifyViewer(services, request);
  if (!identified.ok) return answerRefusal(identified.refusal, { requestId });
  const { tenant } = identified.value;
  const visible = new Set(modelsOf(config, tenant));
  const model = url.searchParams.get('model') ?? undefined;
  if (model !== undefined && !isKnown(visible, model)) {
    return answerRefusal(unknownModel(config, tenant, model), { requestId });
  }
  const fits = (place: { readonly account: string; readonly region: string }): boolean =>
    matches(url, 'region', place.region) && matches(url, 'account', place.account);
  try {
    const [{ regions }, denials] = await Promise.all([
      bounded(clock, STORE_MS_MAX, observations.loadAll()),
      loadDenials(services, STORE_MS_MAX),
    ]);
    const mayBeTold = visibleTo(services, identified.value);
    const told = regions
      .filter(fits)
      .map((entry) => ({ ...entry, targets: entry.targets.filter(mayBeTold) }));
    const configured = observedPlaces(config).some(fits);
    const shown = availabilityOf(services, { regions: told, denials, configured }, { model, visible });
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

/** A logical model that may be told of, or the id of one of the models that discovery may have seen. */
function isKnown(visible: ReadonlySet<string>, model: string): boolean {
  return model === '' || visible.has(model) || model.includes('.');
}
