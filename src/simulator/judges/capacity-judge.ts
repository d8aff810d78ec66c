import type { SpillwayConfig } from '#contract/config.ts';
import type { Judge } from './judge.ts';

/** Slots of every dedicated endpoint, over all its copies and gateways, by the name of the endpoint. */
export function slotsOfEndpoints(config: SpillwayConfig): ReadonlyMap<string, number> {
  return new Map(
    Object.values(config.models).flatMap(({ dedicated }) =>
      dedicated.map(
        ({ endpoint, copies, concurrencyPerCopy }) => [endpoint, copies * concurrencyPerCopy] as const,
      ),
    ),
  );
}

/**
 * No dedicated endpoint has more calls under way than it has slots, counted where they are served. At rest every slot is
 * free again.
 *
 * @param inFlight calls under way at a target, that of the newest call counted
 * @param held slots that are still lent, by the gateways' own ledgers
 */
export function capacityJudge(
  slots: ReadonlyMap<string, number>,
  { inFlight, held }: { readonly inFlight: (targetId: string) => number; readonly held: () => number },
): Judge {
  return {
    name: 'capacity',
    phase: 'safety',
    sent: ({ target, isWakeUp }, report) => {
      const limit = target.endpoint === undefined ? undefined : slots.get(target.endpoint);
      // What the product sends to wake an endpoint takes no slot of one that has none.
      if (limit === undefined || isWakeUp) return;
      const now = inFlight(target.id);
      if (now > limit) report(`${target.id} has ${now} calls under way, and ${limit} slots`);
    },
    atRest: (report) => {
      const left = held();
      if (left > 0) report(`${left} slots are lent when all is at rest`);
    },
  };
}
