import { rendezvousWeights } from '../units/stable-hash.ts';
import type { Candidate, DecisionQuestion, Scorer, Scores } from './decision.ts';
import type { Roster } from './roster.ts';
import { checkedScore, type Standing, standingOf } from './standing.ts';

/** Candidates of a roster, by their places there. */
export interface Field {
  readonly roster: Roster;
  /** One of each member. */
  readonly candidates: readonly Candidate[];
  /** Of those that are to be ranked. */
  readonly places: readonly number[];
}

export interface Ranking {
  /** Places, best first. */
  readonly ranked: readonly number[];
  /** In the order of the field's places. Makes the rows when it is asked, of what was known when it was ranked. */
  scored(): readonly Scores[];
}

/** A scorer's scores by place, or the one that all have. */
type Column = number | readonly number[];

/**
 * Best first: tier, then the candidate's position in the model's list, then the weighted scores, then the rendezvous
 * weight of (request, target), so that gateways without a word to each other spread ties, then the id.
 *
 * @throws InvariantError when a scorer leaves 0..10,000
 */
export function rank(field: Field, question: DecisionQuestion, scorers: readonly Scorer[]): Ranking {
  const { roster, candidates, places } = field;
  if (places.length === 0) return nothingRanked;
  const standing = standingOf(roster, scorers, question);
  const peers = places.map((place) => candidates[place] as Candidate);
  const columns = scorers.map(
    (scorer, index) => standing.scoresBps[index] ?? columnOf(scorer, { field, peers, question }),
  );
  const totals = totalsOf(field, standing, { scorers, columns });
  const order = standing.order.filter((place) => totals[place] !== NOT_RANKED);
  const compare = comparison(field, { ranks: standing.ranks, totals }, question.requestId);
  return {
    ranked: isInOrder(order, compare) ? order : order.sort(compare),
    scored: () => places.map((place) => rowOf(candidates[place] as Candidate, columns, place)),
  };
}

const nothingRanked: Ranking = { ranked: [], scored: () => [] };

function columnOf(
  scorer: Scorer,
  asked: {
    readonly field: Field;
    readonly peers: readonly Candidate[];
    readonly question: DecisionQuestion;
  },
): Column {
  const { field, peers, question } = asked;
  const best = scorer.best?.(peers, question);
  const common = scorer.common?.(question, best);
  if (common !== undefined) return common;
  const column = field.candidates.map(() => 0);
  for (const place of field.places) {
    const candidate = field.candidates[place] as Candidate;
    column[place] = checkedScore(scorer, candidate, scorer.scoreBps(candidate, question, best));
  }
  return column;
}

/** In the place of a total, none of which is less than 0. */
const NOT_RANKED = -1;

/** By place. What all score alike tells no two apart and is left out. */
function totalsOf(
  { candidates, places }: Field,
  standing: Standing,
  { scorers, columns }: { readonly scorers: readonly Scorer[]; readonly columns: readonly Column[] },
): readonly number[] {
  const totals: number[] = candidates.map(() => NOT_RANKED);
  for (const place of places) totals[place] = standing.totals[place] ?? 0;
  for (const [index, { weight }] of scorers.entries()) {
    const column = columns[index];
    if (typeof column !== 'object' || standing.scoresBps[index] !== undefined) continue;
    for (const place of places) totals[place] = (totals[place] ?? 0) + weight * (column[place] ?? 0);
  }
  return totals;
}

type Compare = (one: number, other: number) => number;

/** Of places. A tie is weighed when it is first asked for: few candidates tie, and that takes longer than all scores. */
function comparison(
  { candidates }: Field,
  { ranks, totals }: { readonly ranks: readonly number[]; readonly totals: readonly number[] },
  requestId: string,
): Compare {
  let weightOf: ReturnType<typeof rendezvousWeights> | undefined;
  const ties: number[] = [];
  const idAt = (place: number): string => (candidates[place] as Candidate).target.id;
  const tieAt = (place: number): number => {
    weightOf ??= rendezvousWeights(requestId);
    ties[place] ??= weightOf(idAt(place));
    return ties[place];
  };
  return (one, other) =>
    (ranks[one] ?? 0) - (ranks[other] ?? 0) ||
    (totals[other] ?? 0) - (totals[one] ?? 0) ||
    tieAt(other) - tieAt(one) ||
    (idAt(one) < idAt(other) ? -1 : 1);
}

/** Mostly so: what is known of a request rarely changes how targets stand. */
function isInOrder(places: readonly number[], compare: Compare): boolean {
  for (let index = 1; index < places.length; index += 1)
    if (compare(places[index - 1] as number, places[index] as number) > 0) return false;
  return true;
}

function rowOf({ target }: Candidate, columns: readonly Column[], place: number): Scores {
  const scoresBps = columns.map((column) => (typeof column === 'number' ? column : (column[place] ?? 0)));
  return { target: target.id, scoresBps };
}
