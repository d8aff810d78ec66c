import { candidatesOf } from './candidates.ts';
import type { Candidate, Decision, DecisionQuestion } from './decision.ts';
import { type Field, rank } from './rank.ts';
import { rejectionOf } from './rejection.ts';
import { type Removals, removalsOf } from './removals.ts';
import { rosterOf } from './roster.ts';
import { scorers } from './scorers/scorers.ts';
import { trailOf } from './trail.ts';

/**
 * Decides where a request may go now. Called before the first attempt and again before every further one, with what
 * was tried and learned since: no path to a target leads past it.
 *
 * What never changes of targets stands in their roster. Candidates are known by their places there, and a candidate
 * that nothing is said of costs nothing of its own: a decision is made for every request, and over every target.
 */
export function decide(question: DecisionQuestion): Decision {
  const roster = rosterOf(question);
  const candidates = candidatesOf(roster, question);
  const removals = removalsOf(roster, candidates, question);
  const all = { roster, candidates, places: roster.places };
  const kept = withoutTwins({ ...all, places: keptBy(removals, roster.places) });
  const fresh = untried(all, kept, question);
  const spared = fresh.length > 0 ? fresh : spareEjected(all, removals, question);
  const field = { ...all, places: spared };
  const ranking = rank(field, question, scorers);
  const plan = ranking.ranked.map((place) => candidates[place] as Candidate);
  const wakeUps = asleep(all, removals);
  const trail = trailOf(field, { removals, ranking, plan });
  if (isPlan(plan)) return { kind: 'routed', plan, wakeUps, trail };
  const judged = candidates.map((candidate, place) => ({ candidate, removal: removals?.[place] }));
  return { kind: 'rejected', ...rejectionOf(judged, question), wakeUps, trail };
}

function isPlan(plan: readonly Candidate[]): plan is readonly [Candidate, ...Candidate[]] {
  return plan.length > 0;
}

function keptBy(removals: Removals, places: readonly number[]): readonly number[] {
  return removals === undefined ? places : places.filter((place) => removals[place] === undefined);
}

function untried(
  { candidates }: Field,
  places: readonly number[],
  { tried }: DecisionQuestion,
): readonly number[] {
  return tried.size === 0
    ? places
    : places.filter((place) => !tried.has((candidates[place] as Candidate).target.id));
}

/** A baseline target that the route offers as well is called as the route's; the first of equal ids stays. */
function withoutTwins({ roster, candidates, places }: Field): readonly number[] {
  if (!roster.hasTwins) return places;
  const seen = new Set<string>();
  return places.filter((place) => {
    const { id } = (candidates[place] as Candidate).target;
    return !seen.has(id) && seen.add(id) !== undefined;
  });
}

/**
 * The last lawful target is never ejected: when health alone stands between a request and every target that is left,
 * those are asked, best first, as probes.
 */
function spareEjected(all: Field, removals: Removals, question: DecisionQuestion): readonly number[] {
  const ejected = all.places.filter((place) => removals?.[place]?.code === 'ejected');
  const places = withoutTwins({ ...all, places: untried(all, ejected, question) });
  return rank({ ...all, places }, question, scorers).ranked;
}

/** Scaled to zero, and nothing but that stands against it. */
function asleep(all: Field, removals: Removals): readonly Candidate[] {
  if (removals === undefined) return [];
  const places = all.places.filter((place) => {
    const { state } = (all.candidates[place] as Candidate).target;
    return state === 'cold' && removals[place]?.code === 'state-unusable';
  });
  return withoutTwins({ ...all, places }).map((place) => all.candidates[place] as Candidate);
}
