import { observedPlaces } from '#core/metrics/metric-shape.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { askedAvailability, unreadableNow } from './asked-availability.ts';
import { bounded } from './bounded.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { Services } from './services.ts';
import { loadDenials } from './show-availability-denials.ts';
import { availabilityOf } from './show-availability-targets.ts';
import type { Arrival } from './stage.ts';

const STORE_MS_MAX = 5000;

/** GET /spillway/v1/availability?model=&region=&account=: what discovery and the data path know, from the tables, of targets that the caller may use; of all for an operator. */
export async function answerAvailability(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { requestId } = arrival;
  const { config, clock, observations } = services;
  const asked = await askedAvailability(services, arrival);
  if (!asked.ok) return answerRefusal(asked.refusal, { requestId });
  const { fits, mayBeTold } = asked.value;
  try {
    const [{ regions }, denials] = await Promise.all([
      bounded(clock, STORE_MS_MAX, observations.loadAll()),
      loadDenials(services, STORE_MS_MAX),
    ]);
    const told = regions
      .filter(fits)
      .map((entry) => ({ ...entry, targets: entry.targets.filter(mayBeTold) }));
    const configured = observedPlaces(config).some(fits);
    const shown = availabilityOf(services, { regions: told, denials, configured }, asked.value);
    return answerJson(shown, { requestId });
  } catch {
    return answerRefusal(unreadableNow, { requestId });
  }
}
