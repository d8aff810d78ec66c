import type { ControlResource } from '../../service.ts';
import { type EntryShape, isBoolean, isCount, isRegion, isText } from '../../world/body-check.ts';
import { overridesControl } from '../../world/overrides-control.ts';
import type { Capacity } from './capacity.ts';

const SHAPE: EntryShape = {
  required: ['region', 'endpoint'],
  rules: { region: isRegion, endpoint: isText, copies: isCount, warm: isBoolean },
};

/** `/_local/endpoints`: how many copies of an endpoint serve, and whether they are up. */
export function endpointsControl(capacity: Capacity): ControlResource {
  return overridesControl('endpoints', capacity.overrides, { shape: SHAPE });
}
