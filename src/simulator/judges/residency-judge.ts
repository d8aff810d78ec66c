import type { SpillwayConfig } from '#contract/config.ts';
import type { Judge } from './judge.ts';
import { boundResidency, boundsOf, type PlacesTruth, placesOf } from './places-truth.ts';

/**
 * No prompt touches a region outside of its residency, on any path. Written from the configuration's words and the truth
 * alone, without a line of the product's own judgement.
 */
export function residencyJudge(config: SpillwayConfig, truth: PlacesTruth): Judge {
  const bounds = new Map(
    Object.keys(config.residencies).map((name) => [name, boundsOf(config, truth, name)]),
  );
  return {
    name: 'residency',
    phase: 'safety',
    sent: (call, report) => {
      // What the product sends by itself carries no prompt of anybody.
      if (call.request === undefined) return;
      const bound = boundResidency(config, call.request);
      if (bound === undefined) return;
      const allowed = bounds.get(bound);
      if (allowed === undefined) return;
      const places = [call.gateway, ...placesOf(truth, call.target)];
      const outside = places.filter((place) => !allowed.has(place));
      if (outside.length > 0)
        report(
          `request ${call.request.id} of ${bound} went to ${call.target.id}, which is in ${outside.join(', ')}`,
        );
    },
  };
}
