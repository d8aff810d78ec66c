import type { ControlResource } from '../../service.ts';
import { type EntryShape, isRegion, isText, parseEntries } from '../../world/body-check.ts';
import type { EndpointPlace } from './auto-scaling.ts';

const SHAPE: EntryShape = { required: ['region', 'endpoint'], rules: { region: isRegion, endpoint: isText } };

/** `/_local/crashes`: containers die with what they have in flight. */
export function crashesControl(loseCopies: (place: EndpointPlace) => number): ControlResource {
  return {
    name: 'crashes',
    methods: {
      POST: (body) => {
        const entries = parseEntries(body, SHAPE) as unknown as readonly EndpointPlace[];
        return entries.map((place) => ({ ...place, lost: loseCopies(place) }));
      },
    },
  };
}
