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
  const { config, clock, observations, lastReports } = services;
  const asked = await askedAvailability(services, arrival);
  if (!asked.ok) return answerRefusal(asked.refusal, { requestId });
  const { fits } = asked.value;
  const read = async () => {
    const [{ regions }, denials] = await Promise.all([
      bounded(clock, STORE_MS_MAX, observations.loadAll()),
      loadDenials(services, STORE_MS_MAX),
    ]);
    lastReports.keep({ regions, denials });
    return { regions, denials, isLastKnown: false };
  };
  const answer = async () => {
    // The last that was known is better than nothing, and says what it is.
    const last = () => lastReports.kept && { ...lastReports.kept, isLastKnown: true };
    const known = await read().catch(last);
    if (known === undefined) return answerRefusal(unreadableNow, { requestId });
    const configured = observedPlaces(config).some(fits);
    const regions = known.regions.filter(fits);
    const shown = toldAvailability(services, { ...known, regions, configured }, asked.value);
    return answerTold(services, arrival, shown);
  };
  return answerInTurn(services, arrival, { who: asked.value.who, answer });
}
