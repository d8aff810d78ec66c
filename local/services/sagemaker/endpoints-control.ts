import type { ControlResource } from '../../service.ts';
import {
  type EntryShape,
  isBoolean,
  isCount,
  isRegion,
  isText,
  parseEntries,
} from '../../world/body-check.ts';
import type { Capacity, EndpointOverride } from './capacity.ts';

const SHAPE: EntryShape = {
  required: ['region', 'endpoint'],
  rules: { region: isRegion, endpoint: isText, copies: isCount, warm: isBoolean },
};

/** `/_local/endpoints`: how many copies of an endpoint serve, and whether they are up. */
export function endpointsControl(capacity: Capacity): ControlResource {
  return {
    name: 'endpoints',
    methods: {
      GET: () => capacity.overrides.list(),
      PATCH: (body) => {
        capacity.overrides.apply(parseEntries(body, SHAPE) as unknown as readonly EndpointOverride[]);
        return capacity.overrides.list();
      },
      DELETE: () => {
        capacity.overrides.clear();
        return capacity.overrides.list();
      },
    },
  };
}
