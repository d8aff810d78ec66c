import { outputTokensFor } from '../chat/output-tokens.ts';
import { lawfulnessUnder } from '../residency/lawfulness-under.ts';
import { EVERYWHERE } from '../residency/reach.ts';
import { type Target, type Tier, tierOf } from '../target.ts';
import type {
  Candidate,
  Decision,
  DecisionQuestion,
  Dropped,
  JsonBy,
  Judged,
  Removal,
  RemovalCode,
} from './decision.ts';
import { whatIsMissing } from './filters/capability-filter.ts';
import { filters } from './filters/filters.ts';
import { rank } from './rank.ts';
import { asItMayBeCalled, droppedFeatures, jsonAnswer } from './refused-features.ts';
import { rejectionOf } from './rejection.ts';
import { scorers } from './scorers/scorers.ts';

/**
 * Decides where a request may go now. Called before the first attempt and again before every further one, with what
 * was tried and learned since: no path to a target leads past it.
 */
export function decide(question: DecisionQuestion): Decision {
  const judged = candidatesOf(question).map((candidate) => ({
    candidate,
    removal: removalOf(candidate, question),
  }));
  const kept = judged.filter(({ removal }) => removal === undefined).map(({ candidate }) => candidate);
  const fresh = withoutTwins(kept).filter(({ target }) => !question.tried.has(target.id));
  const spared = fresh.length > 0 ? fresh : spareEjected(judged, question);
  const { ranked, scored } = rank(spared, question, scorers);
  const trail = { removed: removedFrom(judged, spared), scored, ...droppedBy(ranked), ...jsonBy(ranked) };
  const wakeUps = withoutTwins(judged.filter(isAsleep).map(({ candidate }) => candidate));
  if (isPlan(ranked)) return { kind: 'routed', plan: ranked, wakeUps, trail };
  return { kind: 'rejected', ...rejectionOf(judged, question), wakeUps, trail };
}

function isPlan(ranked: readonly Candidate[]): ranked is readonly [Candidate, ...Candidate[]] {
  return ranked.length > 0;
}

/** All candidates by id, each judged for residency over table and facts together. */
function candidatesOf(question: DecisionQuestion): readonly Candidate[] {
  const { policy, gatewayRegion, facts, needs, limits } = question;
  const verdictOf = lawfulnessUnder({ policy, gatewayRegion, facts, besideReach: reachBeside(needs) });
  const candidateOf = (target: Target, tier: Tier): Candidate => {
    const candidate: Candidate = {
      target: asItMayBeCalled(target, question),
      tier,
      verdict: verdictOf(target),
      maxTokens: outputTokensFor(target, limits),
    };
    const json = jsonAnswer(target, question);
    const answering =
      json === undefined ? candidate : { ...candidate, jsonWay: json.way, jsonWayReason: json.because };
    const dropped = droppedFeatures(target, question);
    return dropped.length > 0 ? { ...answering, dropped } : answering;
  };
  const candidates = byId(question.targets).map((target) => candidateOf(target, tierOf(target)));
  for (const target of byId(question.baseline)) candidates.push(candidateOf(target, 'baseline'));
  return candidates;
}

/** A guardrail may infer in other regions than its own, and the request that names it does not tell in which. */
function reachBeside(needs: DecisionQuestion['needs']): readonly string[] {
  return needs.work === 'embedding' || !needs.guardrail ? [] : [EVERYWHERE];
}

function byId(targets: readonly Target[]): readonly Target[] {
  const known = sortedById.get(targets);
  if (known !== undefined) return known;
  const sorted = [...targets].sort((one, other) => (one.id < other.id ? -1 : 1));
  sortedById.set(targets, sorted);
  return sorted;
}

/** Of lists that never change: a route is asked for thousands of times before it is published anew. */
const sortedById = new WeakMap<readonly Target[], readonly Target[]>();

function removalOf(candidate: Candidate, question: DecisionQuestion): Removal | undefined {
  for (const filter of filters) {
    const code = filter.judge(candidate, question);
    if (code === undefined) continue;
    const removal = { target: candidate.target.id, by: filter.name, code };
    if (code !== 'capability-missing') return removal;
    return { ...removal, missing: whatIsMissing(candidate.target, question) };
  }
  return undefined;
}

/** A baseline target that the route offers as well is called as the route's; the first of equal ids stays. */
function withoutTwins(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length < 2) return candidates;
  const seen = new Set<string>();
  return candidates.filter(({ target }) => !seen.has(target.id) && seen.add(target.id) !== undefined);
}

/**
 * The last lawful target is never ejected: when health alone stands between a request and every target that is left,
 * those are asked, best first, as probes.
 */
function spareEjected(judged: readonly Judged[], question: DecisionQuestion): readonly Candidate[] {
  const ejected = judged
    .filter(
      ({ candidate, removal }) => hasCode(removal, 'ejected') && !question.tried.has(candidate.target.id),
    )
    .map(({ candidate }) => candidate);
  return rank(withoutTwins(ejected), question, scorers).ranked;
}

/** A target of both tiers that left both for one reason is told once; one that health spared did not leave by it. */
function removedFrom(judged: readonly Judged[], spared: readonly Candidate[]): readonly Removal[] {
  if (judged.every(({ removal }) => removal === undefined)) return [];
  const staying = new Set(spared.map(({ target }) => target.id));
  const told = new Map<string, Removal>();
  for (const { removal } of judged) {
    if (removal === undefined || (removal.code === 'ejected' && staying.has(removal.target))) continue;
    const key = `${removal.target} ${removal.code}`;
    if (!told.has(key)) told.set(key, removal);
  }
  return [...told.values()];
}

/** What those of the plan are called without. */
function droppedBy(ranked: readonly Candidate[]): { readonly dropped?: readonly Dropped[] } {
  const all = ranked.flatMap(({ target, dropped }) =>
    (dropped ?? []).map((feature) => ({ target: target.id, feature })),
  );
  return all.length === 0 ? {} : { dropped: all };
}

function jsonBy(ranked: readonly Candidate[]): { readonly jsonBy?: readonly JsonBy[] } {
  const ways = ranked.flatMap(({ target, jsonWay: way, jsonWayReason: because }) =>
    way === undefined ? [] : [{ target: target.id, way, ...(because === undefined ? {} : { because }) }],
  );
  return ways.length === 0 ? {} : { jsonBy: ways };
}

/** Scaled to zero, and nothing but that stands against it. */
function isAsleep({ candidate, removal }: Judged): boolean {
  return candidate.target.state === 'cold' && hasCode(removal, 'state-unusable');
}

function hasCode(removal: Removal | undefined, code: RemovalCode): boolean {
  return removal?.code === code;
}
