import { houseError } from '#core/errors/catalogue.ts';
import type { PlacedHold } from '#core/plan/route.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RouteStore } from '../ports/route-store.ts';

export interface LiftOrder {
  readonly model: string;
  readonly residency: string;
  readonly by: string;
  readonly reason: string;
}

export interface LiftedHold {
  readonly lifted: PlacedHold;
  /** Holds of other regions that still stand: plan takes the strictest of all. */
  readonly standing: readonly PlacedHold[];
}

/**
 * Ends a hold before its time: the next plan publishes again. The hold stays where it was until the table forgets it, over
 * since now: nobody needs the right to take anything away. Only in the region of the store, for no region writes
 * another's control item; a refusal names the regions whose items hold the route. Logged before it is done.
 *
 * @throws HouseError `hold_unknown`, or what the store throws
 */
export async function liftHold(
  { clock, routes, log }: { readonly clock: Clock; readonly routes: RouteStore; readonly log: Log },
  { model, residency, by, reason }: LiftOrder,
): Promise<LiftedHold> {
  const now = isoOfInstant(clock.now());
  const holds = (await routes.loadHolds()).filter(
    (hold) => hold.model === model && hold.residency === residency && hold.until > now,
  );
  const lifted = holds.find(({ region }) => region === routes.region);
  if (lifted === undefined) throw unknownHold({ model, residency }, routes.region, holds);
  log.write('warn', 'operator-lifted-hold', { model, residency, region: routes.region, by, reason });
  const { region: _, ...hold } = lifted;
  await routes.saveHold({ ...hold, until: now });
  return { lifted, standing: holds.filter((hold) => hold !== lifted) };
}

function unknownHold(
  { model, residency }: Pick<LiftOrder, 'model' | 'residency'>,
  region: string,
  elsewhere: readonly PlacedHold[],
) {
  const route = `model ${model} for residency ${residency}`;
  const places = elsewhere.map((hold) => `${hold.region} (by ${hold.by} until ${hold.until})`).join(', ');
  return houseError('hold_unknown', {
    message:
      places === ''
        ? `no hold stands on ${route}`
        : `${route} is not held by ${region}; it must be lifted in the region that holds it: ${places}`,
  });
}
