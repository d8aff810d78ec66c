/** What scorers say of targets that no request changes. */
import type { Tier } from '../target.ts';
import { invariant } from '../units/invariant.ts';
import type { Candidate, DecisionQuestion, Scorer } from './decision.ts';
import type { Member, Roster } from './roster.ts';

/** How the members of a roster stand before anything is known of a request. Lists are by place. */
export interface Standing {
  /** By scorer: its scores. Undefined for scorers that look at more than the target. */
  readonly scoresBps: readonly (readonly number[] | undefined)[];
  /** The sums of those scores, weighted. */
  readonly totals: readonly number[];
  /** Less comes first whatever the scores; the same where those decide. */
  readonly ranks: readonly number[];
  /** Places, best first, as far as it can be said. */
  readonly order: readonly number[];
}

const tierRank: Readonly<Record<Tier, number>> = { dedicated: 0, serverless: 1, baseline: 2 };

/** Of the question only what made the roster counts. */
export function standingOf(roster: Roster, scorers: readonly Scorer[], question: DecisionQuestion): Standing {
  const known = memory.get(roster);
  if (known?.scorers === scorers) return known.standing;
  const standing = makeStanding(roster.members, scorers, question);
  memory.set(roster, { scorers, standing });
  return standing;
}

const memory = new WeakMap<Roster, { readonly scorers: readonly Scorer[]; readonly standing: Standing }>();

function compareRank(one: Member, other: Member): number {
  return tierRank[one.tier] - tierRank[other.tier] || one.target.position - other.target.position;
}

function makeStanding(
  members: readonly Member[],
  scorers: readonly Scorer[],
  question: DecisionQuestion,
): Standing {
  const scoresBps = scorers.map((scorer) =>
    scorer.standing === true ? members.map((member) => scoreOf(scorer, member, question)) : undefined,
  );
  const totals = members.map((_, place) =>
    scorers.reduce((sum, { weight }, index) => sum + weight * (scoresBps[index]?.[place] ?? 0), 0),
  );
  const sorted = members
    .map((member, place) => ({ member, place, total: totals[place] ?? 0 }))
    .sort((one, other) => compareRank(one.member, other.member) || other.total - one.total);
  const ranks = members.map((member) => sorted.findIndex((entry) => compareRank(entry.member, member) === 0));
  return { scoresBps, totals, ranks, order: sorted.map(({ place }) => place) };
}

function scoreOf(scorer: Scorer, { target, tier, verdict }: Member, question: DecisionQuestion): number {
  const candidate: Candidate = { target, tier, verdict, maxTokens: 0 };
  return checkedScore(scorer, candidate, scorer.scoreBps(candidate, question, undefined));
}

/** @throws InvariantError when the score leaves 0..10,000: a defect of the scorer, never clamped */
export function checkedScore({ name }: Scorer, { target }: Candidate, scoreBps: number): number {
  const inRange = Number.isInteger(scoreBps) && scoreBps >= 0 && scoreBps <= 10_000;
  if (!inRange) invariant(false, `scorer ${name} gave ${scoreBps} for ${target.id}, outside 0..10000`);
  return scoreBps;
}
