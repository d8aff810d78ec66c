import { observedPlaces } from '#core/metrics/metric-shape.ts';
import { answerRefusal } from './answer.ts';
import { answerInTurn, askedAvailability, unreadableNow } from './asked-availability.ts';
import { bounded } from './bounded.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import type { Services } from './services.ts';
import { answerTold } from './show-availability-answer.ts';
import { loadDenials } from './show-availability-denials.ts';
import { toldAvailability } from './show-availability-targets.ts';
import type { Arrival } from './stage.ts';

const STORE_MS_MAX = 5000;

/** GET /spillway/v1/availability?model=&region=&account=&format=: what discovery and the data path know, from the tables, of targets that the caller may use; of all for an operator. */
export async function answerAvailability(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { requestId } = arrival;
  const { config, clock, observations } = services;
  const asked = await askedAvailability(services, arrival);
  if (!asked.ok) return answerRefusal(asked.refusal, { requestId });
  const { fits } = asked.value;
  const told = async () => {
    const [{ regions: all }, denials] = await Promise.all([
      bounded(clock, STORE_MS_MAX, observations.loadAll()),
      loadDenials(services, STORE_MS_MAX),
    ]);
    const configured = observedPlaces(config).some(fits);
    return toldAvailability(services, { regions: all.filter(fits), denials, configured }, asked.value);
  };
  const answer = () =>
    told().then(
      (shown) => answerTold(services, arrival, shown),
      () => answerRefusal(unreadableNow, { requestId }),
    );
  return answerInTurn(services, arrival, { who: asked.value.who, answer });
}
