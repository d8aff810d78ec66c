import type { Observation } from '#core/discovery/observation.ts';
import { gatewayStart } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';

/** What discovery saw of a target just before `gatewayStart`: available, changed where the test cares. */
export function anObservation(changes: Partial<Observation> = {}): Observation {
  const { id, account, region, kind, scope, modelId, reach } = aTarget(changes as never);
  const times = { since: gatewayStart - 60_000, observedAt: gatewayStart - 1000 };
  return {
    id,
    account,
    region,
    kind,
    scope,
    modelId,
    reach,
    state: 'available',
    reasons: [],
    lifecycle: 'ACTIVE',
    stale: false,
    absentLists: 0,
    ...times,
    ...changes,
  };
}
