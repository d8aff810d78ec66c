/**
 * core/plan: from observations to the route of one (model, residency).
 *
 * Invariant: every target of a planned route is lawful for its residency, whatever an operator forces; what is
 * unknown neither enters nor leaves a route. The folder owns no state: what is published is an argument.
 *
 *     candidates ─ lawful? ─ usable? ─ order ─ at most 128 ─ baseline ─ compare ─ hold? ─ guard ─ publish
 */
import { judgeReach } from '../residency/judge-reach.ts';
import { canonicalJson } from './canonical-json.ts';
import { type GuardLimits, judgeChange, type Refusal, type Removal } from './guard.ts';
import { keptRoute } from './kept-route.ts';
import type { Hold, Route, RouteDraft } from './route.ts';
import { type RouteQuestion, wantedRoute } from './wanted-route.ts';

export interface PlanQuestion extends RouteQuestion {
  /** A hold that stands now. */
  readonly hold: Hold | undefined;
  readonly limits: GuardLimits;
  /** An operator's word, audited by the caller. Passes the guard and a hold, never residency. @default false */
  readonly force?: boolean;
}

export interface RoutePlan {
  /**
   * `unchanged`: what is published is right. `publish`: `draft` replaces it. `refused`: the guard keeps it. `held`:
   * an operator keeps it. A refused or held plan may still carry a draft: what residency demands to be removed, and
   * under a hold the present state of the targets that stand.
   */
  readonly kind: 'unchanged' | 'publish' | 'refused' | 'held';
  readonly model: string;
  readonly residency: string;
  readonly why: string;
  readonly draft?: RouteDraft | undefined;
  readonly refusal?: Refusal | undefined;
  readonly added: readonly string[];
  readonly removed: readonly Removal[];
}

export function planRoute(question: PlanQuestion): RoutePlan {
  const { previous, hold, force = false } = question;
  const wanted = wantedRoute(question);
  const { draft, removed } = wanted;
  const result = {
    model: question.model.name,
    residency: question.policy.name,
    added: addedIds(previous, draft),
    removed,
  };
  if (previous !== undefined && sameContent(previous, draft)) {
    return { ...result, kind: 'unchanged', why: 'nothing changed' };
  }
  const refusal = refusalOf(question, draft, removed);
  const kept = (kind: 'held' | 'refused', why: string): RoutePlan => {
    const remainder = keptRoute(question, {
      removed,
      why,
      known: kind === 'held' ? wanted.routable : new Map(),
    });
    return { ...result, kind, why, ...(refusal === undefined ? {} : { refusal }), draft: remainder };
  };
  if (refusal?.code === 'residency-broken') return kept('refused', refusal.why);
  if (hold !== undefined && !force)
    return kept('held', `held by ${hold.by} until ${hold.until}: ${hold.reason}`);
  if (refusal !== undefined && !force) return kept('refused', refusal.why);
  return { ...result, kind: 'publish', why: draft.reason, draft };
}

function refusalOf(
  question: PlanQuestion,
  draft: RouteDraft,
  removed: readonly Removal[],
): Refusal | undefined {
  const { policy, facts, previous, limits, observations } = question;
  const unlawful = [...draft.targets, ...draft.baseline].filter(
    (target) => !judgeReach({ policy, target, facts }).lawful,
  );
  if (unlawful.length > 0) {
    const names = unlawful.map((target) => target.id).join(', ');
    return { code: 'residency-broken', why: `would break its residency with ${names}` };
  }
  if (!observations.anyFresh) return { code: 'data-too-old', why: 'no region reported within the age limit' };
  return judgeChange({ previous: previous?.targets ?? [], next: draft.targets, removals: removed, limits });
}

/** Whether a reader would do the same with both. */
function sameContent(previous: Route, draft: RouteDraft): boolean {
  const content = ({ targets, baseline, dropped, schema, unusable }: RouteDraft | Route): string =>
    canonicalJson({ targets, baseline, dropped, schema, unusable });
  return content(previous) === content(draft);
}

function addedIds(previous: Route | undefined, draft: RouteDraft): readonly string[] {
  const before = new Set(previous?.targets.map((target) => target.id) ?? []);
  return draft.targets.map((target) => target.id).filter((id) => !before.has(id));
}
