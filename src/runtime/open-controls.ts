import {
  createDynamodbControlStore,
  type DynamodbControlStoreOptions,
} from '#adapters/aws/dynamodb-control-store.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { tableArn } from '#contract/resources.ts';
import { confirmHolds, confirmWords } from '#usecases/operate/confirm-controls.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { ControlStore } from '#usecases/ports/control-store.ts';
import type { OperatorStore } from '#usecases/ports/operator-store.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';
import { controlRegions } from './control-regions.ts';

/** A copy of the strongly consistent set: the one of the client's region. Undefined where the configuration has none. */
export function openControls(
  config: SpillwayConfig,
  {
    client,
    region,
    clock = systemClock,
    callMsMax,
  }: {
    readonly client: DynamodbControlStoreOptions['client'];
    readonly region: string;
    readonly clock?: Clock | undefined;
    readonly callMsMax?: number | undefined;
  },
): ControlStore | undefined {
  const { name, home, state } = config;
  if (state.controls === undefined) return undefined;
  const table = tableArn({ deployment: name, kind: 'controls', account: home.account, region });
  return createDynamodbControlStore({
    ...{ client, table, region, clock, callMsMax },
    regions: controlRegions(config),
  });
}

/** The stores themselves where there is no set. */
export const withConfirmedHolds = (routes: RouteStore, controls: ControlStore | undefined): RouteStore =>
  controls === undefined ? routes : confirmHolds(routes, controls);

export const withConfirmedWords = (
  words: OperatorStore,
  controls: ControlStore | undefined,
): OperatorStore => (controls === undefined ? words : confirmWords(words, controls));
