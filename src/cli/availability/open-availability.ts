import type { AvailabilityChanges } from '#contract/availability-changes.ts';
import type { Availability } from '#contract/http.ts';
import { type InstantMs, isoOfInstant } from '#core/units/instant-ms.ts';
import type { CommandContext } from '../command.ts';
import { isRealAccount, openGateway } from '../open-deployment.ts';
import { loadStoredAvailability, loadStoredChanges, loadStoredPast } from '../stored-availability.ts';

/** Where availability is asked for: a gateway, or the tables of a real account. */
export interface AvailabilitySource {
  loadNow(): Promise<Availability>;
  loadAt(at: InstantMs): Promise<Availability>;
  /** Up to now where no end is named. */
  loadChanges(period: {
    readonly since: InstantMs;
    readonly until: InstantMs | undefined;
  }): Promise<AvailabilityChanges>;
}

export function openAvailability(
  context: CommandContext,
  place: { readonly region: string | undefined; readonly account: string | undefined },
): AvailabilitySource {
  if (isRealAccount(context)) {
    return {
      loadNow: () => loadStoredAvailability(context),
      loadAt: (at) => loadStoredPast(context, { ...place, at }),
      loadChanges: (period) => loadStoredChanges(context, { ...place, ...period }),
    };
  }
  const gateway = openGateway(context);
  return {
    loadNow: () => gateway.loadAvailability(place),
    loadAt: (at) => gateway.loadAvailability({ ...place, at: isoOfInstant(at) }),
    loadChanges: ({ since, until }) =>
      gateway.loadAvailabilityChanges({
        ...place,
        since: isoOfInstant(since),
        until: until === undefined ? undefined : isoOfInstant(until),
      }),
  };
}
