import { type Lane, lanes } from './lane.ts';

/** What of a tenant decides over its lanes. */
export interface LaneRights {
  /** Lanes that the tenant may ask for. @default - every lane */
  readonly lanes?: readonly Lane[] | undefined;
  /** Lane of a call that names none. @default - the highest of `lanes` */
  readonly lane?: Lane | undefined;
}

/** The lane of one call, or why it has none: a word that is no lane, or a lane that is not the tenant's. */
export type LaneOfCall =
  | { readonly kind: 'lane'; readonly lane: Lane }
  | { readonly kind: 'unknown'; readonly known: readonly Lane[] }
  | { readonly kind: 'not-allowed'; readonly allowed: readonly Lane[] };

/** @param asked what the caller's header says; undefined without one */
export function laneOfCall(asked: string | undefined, rights: LaneRights): LaneOfCall {
  const allowed = lanes.filter((lane) => rights.lanes?.includes(lane) ?? true);
  if (asked === undefined) return { kind: 'lane', lane: rights.lane ?? allowed[0] ?? 'interactive' };
  const lane = lanes.find((known) => known === asked);
  if (lane === undefined) return { kind: 'unknown', known: lanes };
  return allowed.includes(lane) ? { kind: 'lane', lane } : { kind: 'not-allowed', allowed };
}
