/**
 * The decision made the plain way: every filter is asked of every candidate, every scorer too, and nothing is kept from
 * one question for the next. What `decide` answers faster, it must answer the same.
 */
import { outputTokensFor } from '#core/chat/output-tokens.ts';
import type {
  Candidate,
  Decision,
  DecisionQuestion,
  Dropped,
  JsonBy,
  Judged,
  Removal,
  Scorer,
  Scores,
} from '#core/decide/decision.ts';
import { whatIsMissing } from '#core/decide/filters/capability-filter.ts';
import { filters } from '#core/decide/filters/filters.ts';
import { droppedFeatures, isCalledPlainly, jsonAnswer, plainly } from '#core/decide/refused-features.ts';
import { rejectionOf } from '#core/decide/rejection.ts';
import { scorers } from '#core/decide/scorers/scorers.ts';
import { judgeLawful } from '#core/residency/judge-reach.ts';
import { type Target, type Tier, tierOf } from '#core/target.ts';
import { rendezvousWeight } from '#core/units/stable-hash.ts';

export function decidePlainly(question: DecisionQuestion): Decision {
  const judged = candidatesOf(question).map((candidate) => ({
    candidate,
    removal: removalOf(candidate, question),
  }));
  const kept = judged.filter(({ removal }) => removal === undefined).map(({ candidate }) => candidate);
  const fresh = withoutTwins(kept).filter(({ target }) => !question.tried.has(target.id));
  const spared = fresh.length > 0 ? fresh : spareEjected(judged, question);
  const { ranked, scored } = rank(spared, question);
  const removed = removedFrom(judged, spared);
  const trail = { removed, scored: () => scored, ...droppedBy(ranked), ...jsonBy(ranked) };
  const asleep = judged.filter(
    ({ candidate, removal }) => candidate.target.state === 'cold' && removal?.code === 'state-unusable',
  );
  const wakeUps = withoutTwins(asleep.map(({ candidate }) => candidate));
  const [best, ...others] = ranked;
  if (best !== undefined) return { kind: 'routed', plan: [best, ...others], wakeUps, trail };
  return { kind: 'rejected', ...rejectionOf(judged, question), wakeUps, trail };
}

/** All that can be seen of a decision, as a value to compare. */
export function shown({ trail, ...decision }: Decision) {
  return { ...decision, trail: { ...trail, scored: trail.scored() } };
}

function candidatesOf(question: DecisionQuestion): readonly Candidate[] {
  const { policy, gatewayRegion, facts, needs, limits } = question;
  const besideReach = needs.work !== 'embedding' && needs.guardrail ? ['*'] : [];
  const candidateOf = (target: Target, tier: Tier): Candidate => {
    const json = jsonAnswer(target, question);
    const dropped = droppedFeatures(target, question);
    return {
      target: isCalledPlainly(target, question) ? plainly(target) : target,
      tier,
      verdict: judgeLawful({ policy, gatewayRegion, facts, besideReach, target }),
      maxTokens: outputTokensFor(target, limits),
      ...(json === undefined ? {} : { jsonWay: json.way, jsonWayReason: json.because }),
      ...(dropped.length > 0 ? { dropped } : {}),
    };
  };
  return [
    ...byId(question.targets).map((target) => candidateOf(target, tierOf(target))),
    ...byId(question.baseline).map((target) => candidateOf(target, 'baseline')),
  ];
}

function byId(targets: readonly Target[]): readonly Target[] {
  return [...targets].sort((one, other) => (one.id < other.id ? -1 : 1));
}

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

function withoutTwins(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ target }) => !seen.has(target.id) && seen.add(target.id) !== undefined);
}

function spareEjected(judged: readonly Judged[], question: DecisionQuestion): readonly Candidate[] {
  const ejected = judged
    .filter(
      ({ candidate, removal }) => removal?.code === 'ejected' && !question.tried.has(candidate.target.id),
    )
    .map(({ candidate }) => candidate);
  return rank(withoutTwins(ejected), question).ranked;
}

function removedFrom(judged: readonly Judged[], spared: readonly Candidate[]): readonly Removal[] {
  const staying = new Set(spared.map(({ target }) => target.id));
  const told = new Map<string, Removal>();
  for (const { removal } of judged) {
    if (removal === undefined || (removal.code === 'ejected' && staying.has(removal.target))) continue;
    const key = `${removal.target} ${removal.code}`;
    if (!told.has(key)) told.set(key, removal);
  }
  return [...told.values()];
}

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

const tierRank: Readonly<Record<Tier, number>> = { dedicated: 0, serverless: 1, baseline: 2 };

interface Entry {
  readonly candidate: Candidate;
  readonly total: number;
  readonly scores: Scores;
}

function rank(
  candidates: readonly Candidate[],
  question: DecisionQuestion,
): { readonly ranked: readonly Candidate[]; readonly scored: readonly Scores[] } {
  const scoreOf = (scorer: Scorer, candidate: Candidate): number =>
    scorer.scoreBps(candidate, question, scorer.best?.(candidates, question));
  const entries = candidates.map((candidate): Entry => {
    const scoresBps = scorers.map((scorer) => scoreOf(scorer, candidate));
    const total = scorers.reduce((sum, { weight }, index) => sum + weight * (scoresBps[index] ?? 0), 0);
    return { candidate, total, scores: { target: candidate.target.id, scoresBps } };
  });
  const ranked = [...entries].sort((one, other) => compare(one, other, question.requestId));
  return {
    ranked: ranked.map(({ candidate }) => candidate),
    scored: entries.map(({ scores }) => scores),
  };
}

function compare(one: Entry, other: Entry, requestId: string): number {
  const { target, tier } = one.candidate;
  const { target: rival, tier: rivalTier } = other.candidate;
  return (
    tierRank[tier] - tierRank[rivalTier] ||
    target.position - rival.position ||
    other.total - one.total ||
    rendezvousWeight(requestId, rival.id) - rendezvousWeight(requestId, target.id) ||
    (target.id < rival.id ? -1 : 1)
  );
}
