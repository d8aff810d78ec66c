import type { Candidate, Dropped, JsonBy, Removal, Trail } from './decision.ts';
import type { Field, Ranking } from './rank.ts';
import type { Removals } from './removals.ts';

/** Why the plan is as it is. */
export function trailOf(
  { roster, candidates, places }: Field,
  known: { readonly removals: Removals; readonly ranking: Ranking; readonly plan: readonly Candidate[] },
): Trail {
  const { removals, ranking, plan } = known;
  const staying = places.map((place) => candidates[place] as Candidate);
  return {
    removed: removals === undefined ? [] : removedFrom(removals, staying, roster.hasTwins),
    scored: ranking.scored,
    ...droppedBy(plan),
    ...jsonBy(plan),
  };
}

/** A target of both tiers that left both for one reason is told once; one that health spared did not leave by it. */
function removedFrom(
  removals: NonNullable<Removals>,
  staying: readonly Candidate[],
  hasTwins: boolean,
): readonly Removal[] {
  const ids = new Set(staying.map(({ target }) => target.id));
  const removed = removals
    .filter((removal) => removal !== undefined)
    .filter(({ target, code }) => code !== 'ejected' || !ids.has(target));
  return hasTwins ? toldOnce(removed) : removed;
}

function toldOnce(removed: readonly Removal[]): readonly Removal[] {
  const told = new Map<string, Removal>();
  for (const removal of removed) {
    const key = `${removal.target} ${removal.code}`;
    if (!told.has(key)) told.set(key, removal);
  }
  return [...told.values()];
}

/** What those of the plan are called without. */
function droppedBy(plan: readonly Candidate[]): { readonly dropped?: readonly Dropped[] } {
  if (plan.every(({ dropped }) => dropped === undefined)) return {};
  const all = plan.flatMap(({ target, dropped }) =>
    (dropped ?? []).map((feature) => ({ target: target.id, feature })),
  );
  return { dropped: all };
}

function jsonBy(plan: readonly Candidate[]): { readonly jsonBy?: readonly JsonBy[] } {
  if (plan.every(({ jsonWay }) => jsonWay === undefined)) return {};
  const ways = plan.flatMap(({ target, jsonWay: way, jsonWayReason: because }) =>
    way === undefined ? [] : [{ target: target.id, way, ...(because === undefined ? {} : { because }) }],
  );
  return { jsonBy: ways };
}
