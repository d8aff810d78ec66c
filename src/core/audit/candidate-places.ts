import type { Candidate } from '../decide/decision.ts';
import type { Roster } from '../decide/roster.ts';
import type { Place, RecordedCandidate } from './recorded-decision.ts';

/** The list that a record's places count in. */
export function recordCandidates({ members }: Pick<Roster, 'members'>): readonly RecordedCandidate[] {
  return members.map(({ target, tier }) => ({ target: target.id, tier }));
}

/** Where candidates stand in a record's list. */
export interface Places {
  /** First place of an id. Undefined where no candidate has it. */
  ofId(id: string): Place | undefined;
  of(candidate: Pick<Candidate, 'target' | 'tier'>): Place;
}

const nameOf = ({ target, tier }: Pick<Candidate, 'target' | 'tier'>): string =>
  tier === 'baseline' ? `${target.id} baseline` : target.id;

export function placesOf({ members }: Roster): Places {
  const byId = new Map<string, Place>();
  const byName = new Map<string, Place>();
  for (const [place, member] of members.entries()) {
    if (!byId.has(member.target.id)) byId.set(member.target.id, place);
    byName.set(nameOf(member), place);
  }
  return {
    ofId: (id) => byId.get(id),
    of: (candidate) => byName.get(nameOf(candidate)) ?? -1,
  };
}

export function placesIn(ids: ReadonlySet<string> | undefined, places: Places): readonly Place[] {
  if (ids === undefined || ids.size === 0) return [];
  return [...ids].flatMap((id) => places.ofId(id) ?? []).sort((one, other) => one - other);
}
