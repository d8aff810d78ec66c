import type { SpillwayConfig } from '#contract/config.ts';
import type { SimulatedRequest } from '../world/simulated-request.ts';
import type { Judge } from './judge.ts';
import { type Bounds, boundResidency, boundsOf, hasLawfulTarget, type PlacesTruth } from './places-truth.ts';

/** What trouble may lawfully end in: too much of it, nobody well, no routes yet, no time left, the caller gone. */
const TROUBLE: ReadonlySet<number> = new Set([429, 499, 502, 503, 504]);

/**
 * What a request is answered with is true: 421 where, and only where, its gateway must not hold the prompt; 403 where, and
 * only where, nothing that is configured could lawfully answer it, were it well.
 *
 * @param isUndisturbed no model, endpoint or credentials fail in the whole run: then nobody who may be answered is refused,
 *   whatever tables and lists do
 */
export function statusJudge(
  config: SpillwayConfig,
  truth: PlacesTruth,
  { isUndisturbed }: { readonly isUndisturbed: boolean },
): Judge {
  const known = new Map<string, { readonly bounds: Bounds; readonly lawful: boolean }>();
  const lawOf = (request: SimulatedRequest) => {
    const residency = boundResidency(config, request) ?? '';
    const key = `${request.model} ${residency}`;
    const bounds = boundsOf(config, truth, residency);
    const law = known.get(key) ?? {
      bounds,
      lawful: hasLawfulTarget(config, truth, { model: request.model, residency }),
    };
    known.set(key, law);
    return law;
  };
  return {
    name: 'status',
    phase: 'safety',
    ended: ({ request, status }, report) => {
      const { bounds, lawful } = lawOf(request);
      const isHere = bounds === undefined || bounds.has(request.gateway);
      const waits = request.leavesAfterMs === undefined && request.deadlineMs === undefined;
      const right = (): boolean => {
        if (status === 421 || !isHere) return status === 421 && !isHere;
        if (status === 403 || !lawful) return status === 403 && !lawful;
        return status === 200 || (TROUBLE.has(status) && !(isUndisturbed && waits));
      };
      const id = `request ${request.id} to ${request.gateway} for ${request.model}, ${request.residency}`;
      if (!right() && !(status === 499 && !waits)) report(`${id}, was answered with ${status}`);
    },
  };
}
