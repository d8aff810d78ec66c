import { houseError } from '#core/errors/catalogue.ts';
import type { Hold } from '#core/plan/route.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RouteStore } from '../ports/route-store.ts';

export interface PinRouteOrder {
  readonly model: string;
  readonly residency: string;
  /** The version that must stand. @default - whichever does */
  readonly version?: number | undefined;
  readonly by: string;
  readonly reason: string;
  /** How long plan publishes nothing over it but what residency demands. */
  readonly hours: number;
}

export interface PinnedRoute {
  /** The version that stands. */
  readonly version: number;
  readonly hold: Hold;
}

const HOUR_MS = 3_600_000;

/**
 * Holds a route as it stands: which targets, in which order. A hold of the store's region that stood is replaced. Logged
 * before it is done.
 *
 * @throws HouseError `route_unknown` when nothing is published, `condition_lost` when another version than the one that
 *   was named stands, or what the store throws
 */
export async function pinRoute(
  { clock, routes, log }: { readonly clock: Clock; readonly routes: RouteStore; readonly log: Log },
  { model, residency, version: wanted, by, reason, hours }: PinRouteOrder,
): Promise<PinnedRoute> {
  const standing = await routes.load(model, residency);
  if (standing === undefined)
    throw houseError('route_unknown', {
      message: `no route of model ${model} for residency ${residency} is published: there is nothing to pin`,
    });
  const { version } = standing;
  if (wanted !== undefined && wanted !== version)
    throw houseError('condition_lost', {
      message: `version ${version} of model ${model} for residency ${residency} stands now, not ${wanted}`,
    });
  log.write('warn', 'operator-pinned-route', { model, residency, version, by, reason, hours });
  const hold = { model, residency, by, reason, until: isoOfInstant(clock.now() + hours * HOUR_MS) };
  await routes.saveHold(hold);
  return { version, hold };
}
