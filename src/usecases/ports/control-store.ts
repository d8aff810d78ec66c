/** Operators' words once more, where a write that was confirmed is seen by every later read in any region. */
import type { OperatorStore } from './operator-store.ts';
import type { RouteStore } from './route-store.ts';

export interface ControlStore
  extends Pick<RouteStore, 'region' | 'loadHolds' | 'saveHold'>,
    Pick<OperatorStore, 'loadDisabled' | 'saveDisabled'> {}
