import type { PlacedDisabledTarget } from '#core/plan/disabled-target.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { OperatorStore } from '../ports/operator-store.ts';

export interface DisableTargetOrder {
  readonly target: string;
  readonly by: string;
  readonly reason: string;
  /** How long it is not called. 0: the word of this region ends now. */
  readonly hours: number;
  /** Of its entry in the operators' audit. @default - the word names none */
  readonly orderId?: string | undefined;
}

export interface DisabledWord {
  readonly disabled: PlacedDisabledTarget;
  /** What other regions still say of the target: gateways take the strictest of all. */
  readonly standing: readonly PlacedDisabledTarget[];
}

const HOUR_MS = 3_600_000;

/**
 * Takes a target out of every gateway's choice for a time, baseline included, as soon as each has read the table again;
 * or ends what this region said. What residency forbids stays forbidden either way. Logged before it is done.
 *
 * @throws what the store throws
 */
export async function disableTarget(
  {
    clock,
    store,
    log,
  }: {
    readonly clock: Clock;
    readonly store: Pick<OperatorStore, 'region' | 'loadDisabled' | 'saveDisabled'>;
    readonly log: Log;
  },
  { target, by, reason, hours, orderId }: DisableTargetOrder,
): Promise<DisabledWord> {
  const { region } = store;
  const now = clock.now();
  log.write('warn', hours === 0 ? 'operator-enabled-target' : 'operator-disabled-target', {
    ...{ target, region, by, reason, hours },
  });
  const at = isoOfInstant(now);
  const disabled = {
    ...{ target, by, reason, until: isoOfInstant(now + hours * HOUR_MS), since: at },
    ...(orderId === undefined ? {} : { orderId }),
  };
  await store.saveDisabled(disabled);
  const standing = (await store.loadDisabled()).filter(
    (each) => each.target === target && each.region !== region && each.until > at,
  );
  return { disabled: { ...disabled, region }, standing };
}
