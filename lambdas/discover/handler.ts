/** Discovery of one account and region as a function, invoked on a schedule. */
import middy from '@middy/core';
import { houseError } from '#core/errors/catalogue.ts';
import type { ControlRuntime, Place } from '#runtime/control-runtime.ts';
import { startDeployedControl } from '#runtime/deployed-control.ts';
import { placeOfEvent } from './place-of-event.ts';

/** What discovery needs of the runtime. */
export interface DiscoverRuntime extends Pick<ControlRuntime, 'discover'> {
  /** Which place is meant where the event names none. */
  readonly own: Place;
}

export interface DiscoverSummary {
  readonly account: string;
  readonly region: string;
  readonly kind: 'changed' | 'unchanged' | 'superseded';
  readonly targets: number;
  readonly changes: number;
  readonly failures: readonly string[];
  readonly durationMs: number;
}

/** @param start makes the runtime with the first event, so that loading the module does no work */
export function createDiscoverHandler(start: () => DiscoverRuntime) {
  let runtime: DiscoverRuntime | undefined;
  return middy<unknown, DiscoverSummary>().handler(async (event: unknown) => {
    runtime ??= start();
    const place = { ...runtime.own, ...placeOfEvent(event) };
    const { kind, observations, changes, failures, durationMs, account, region } =
      await runtime.discover(place);
    if (kind === 'not-stored') {
      // The function's own error count is what an alarm sees: a report that nobody keeps is no success.
      throw houseError('upstream_unavailable', { message: `nothing was stored: ${failures.join('; ')}` });
    }
    return {
      account,
      region,
      kind,
      targets: observations?.targets.length ?? 0,
      changes: changes.length,
      failures,
      durationMs: Math.round(durationMs),
    };
  });
}

export const handler = createDiscoverHandler(startDeployedControl);
