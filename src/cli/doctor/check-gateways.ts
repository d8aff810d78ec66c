import type { InstantMs } from '#core/units/instant-ms.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { timeAgo } from '../terminal/time-ago.ts';
import type { Check } from './check.ts';

export interface GatewayPlace {
  readonly region: string;
  readonly client: GatewayClient;
}

/** `/readyz` of each gateway, then whether what the first ready one knows of the models is fresh. */
export async function checkGateways(
  gateways: readonly GatewayPlace[],
  now: InstantMs,
): Promise<readonly Check[]> {
  const readiness = await Promise.all(gateways.map(checkReadiness));
  const ready = gateways[readiness.findIndex((check) => check.status === 'fine')];
  return ready === undefined ? readiness : [...readiness, await checkFreshness(ready, now)];
}

async function checkReadiness({ region, client }: GatewayPlace): Promise<Check> {
  const head = { area: 'Gateways', subject: 'readyz', place: `${region} ${client.url}`.trim() };
  try {
    const { ready, detail } = await client.loadReadiness();
    if (ready) return { ...head, status: 'fine', detail: 'ready' };
    return {
      ...head,
      status: 'broken',
      detail: `not ready: ${detail}`,
      todo: 'Give each model a lawful route or baseline for each residency, or wait for the first discovery round: a gateway is not ready.',
    };
  } catch (error) {
    return { ...head, ...trouble(error) };
  }
}

/** The first sentence of a gateway failure says what is wrong, the rest what to do. */
function trouble(error: unknown): Pick<Check, 'status' | 'detail' | 'todo'> {
  const message = error instanceof Error ? error.message : String(error);
  const [what = message, ...advice] = message.split(/(?<=\.) /);
  // The place stands in the check already; without it the same trouble of many gateways is told once.
  const detail = what.replace(/ at https?:\/\/\S+?(?=\.?$| )/, '');
  return { status: 'broken', detail, todo: advice.length === 0 ? what : advice.join(' ') };
}

async function checkFreshness({ region, client }: GatewayPlace, now: InstantMs): Promise<Check> {
  const head = { area: 'Discovery', subject: 'availability', place: `${region} ${client.url}`.trim() };
  try {
    const { asOf, stale, targets } = await client.loadAvailability({});
    const detail = `${targets.length} targets, ${timeAgo(asOf, now)}`;
    if (!stale) return { ...head, status: 'fine', detail };
    return {
      ...head,
      status: 'broken',
      detail: `${detail}, stale`,
      todo: 'Find out why discovery does not report: its log names the API that fails.',
    };
  } catch (error) {
    return { ...head, ...trouble(error) };
  }
}
