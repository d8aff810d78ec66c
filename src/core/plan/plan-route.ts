/**
 * core/plan: from observations to the route of one (model, residency).
 *
 * Invariant: every target of a planned route is lawful for its residency, whatever an operator forces; what is
 * unknown neither enters nor leaves a route. The folder owns no state: what is published is an argument.
 *
 *     candidates ─ lawful? ─ usable? ─ order ─ at most 128 ─ baseline ─ compare ─ hold? ─ guard ─ publish
 */
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeReach } from '../residency/judge-reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import type { Target } from '../target.ts';
import { canonicalJson } from './canonical-json.ts';
import { compareTargets } from './compare-targets.ts';
import { type GuardLimits, judgeChange, type Refusal, type Removal } from './guard.ts';
import { type CandidateQuestion, type Judgement, judgeCandidates } from './judge-candidates.ts';
import { refreshTarget, routableTargets } from './refresh-target.ts';
import { type Hold, type Route, routeSchemaVersion } from './route.ts';

/** A table item holds 400 KB; 128 targets of about 1 KB leave room for the rest. */
export const TARGETS_MAX = 128;

export interface PlanQuestion extends CandidateQuestion {
  readonly previous: Route | undefined;
  /** A hold that stands now. */
  readonly hold: Hold | undefined;
  readonly limits: GuardLimits;
  /** Lawful entries of the configuration, resolved. */
  readonly baseline: readonly Target[];
  /** An operator's word, audited by the caller. Passes the guard and a hold, never residency. @default false */
  readonly force?: boolean;
}

/** What a publisher adds: who comes first decides the version, the clock the time, a hash the checksum. */
export type RouteDraft = Omit<Route, 'version' | 'publishedAt' | 'checksum'>;

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

interface WantedRoute {
  readonly draft: RouteDraft;
  readonly removed: readonly Removal[];
  readonly routable: ReadonlyMap<string, Target>;
}

function wantedRoute(question: PlanQuestion): WantedRoute {
  const { model, policy, previous, baseline } = question;
  const judged = new Map(judgeCandidates(question).map((each) => [idOf(each), each]));
  const routable = routableTargets(judged.values());
  const carried = carriedTargets(question, judged);
  const ordered = [...routable.values(), ...carried].sort(compareTargets);
  const targets = ordered.slice(0, TARGETS_MAX);
  const unusable = [...judged.values()].some(
    (each) => each.kind === 'unknown' || (each.kind === 'unusable' && each.offered),
  );
  const removed = removalsOf(question, judged, ordered);
  const draft = {
    model: model.name,
    residency: policy.name,
    schema: routeSchemaVersion,
    targets,
    baseline: lawfulTargets(baseline, policy, question.facts),
    dropped: ordered.length - targets.length,
    ...(targets.length === 0 && unusable ? { unusable: true } : {}),
  };
  return { draft: { ...draft, reason: reasonFor(previous, draft.targets, removed) }, removed, routable };
}

function idOf(judgement: Judgement): string {
  return judgement.kind === 'routable' ? judgement.target.id : judgement.id;
}

/** Published targets of which nothing new is known: they stay as they are, with their candidate's present place. */
function carriedTargets(question: PlanQuestion, judged: ReadonlyMap<string, Judgement>): readonly Target[] {
  const { previous, policy, facts } = question;
  const staying = (previous?.targets ?? []).flatMap((target) => {
    const judgement = judged.get(target.id);
    if (judgement !== undefined && judgement.kind !== 'unknown') return [];
    const position = configuredPosition(question, target);
    return position === undefined ? [] : [{ ...target, position }];
  });
  return lawfulTargets(staying, policy, facts);
}

/** Undefined when the configuration no longer asks for the target. */
function configuredPosition({ model, observations }: PlanQuestion, target: Target): number | undefined {
  const position =
    target.scope === 'dedicated'
      ? model.dedicated.findIndex(
          (each) =>
            each.account === target.account &&
            each.region === target.region &&
            each.endpoint === target.endpoint &&
            each.component === target.component,
        )
      : model.candidates.findIndex((each) => each.id === target.modelId);
  if (position === -1) return undefined;
  const served = target.scope === 'dedicated' || observations.carriesTraffic(target.account, target.region);
  return served ? position : undefined;
}

function lawfulTargets(
  targets: readonly Target[],
  policy: ResidencyPolicy,
  facts: CompiledFacts,
): readonly Target[] {
  return targets.filter((target) => judgeReach({ policy, target, facts }).lawful);
}

function removalsOf(
  question: PlanQuestion,
  judged: ReadonlyMap<string, Judgement>,
  next: readonly Target[],
): readonly Removal[] {
  const kept = new Set(next.map((target) => target.id));
  return (question.previous?.targets ?? [])
    .filter((target) => !kept.has(target.id))
    .map((target) => removalOf(question, target, judged.get(target.id)));
}

function removalOf(question: PlanQuestion, target: Target, judgement: Judgement | undefined): Removal {
  const { policy, facts } = question;
  const verdict = judgeReach({ policy, target, facts });
  if (!verdict.lawful) return { target: target.id, why: verdict.why, evidence: true, residency: true };
  if (judgement?.kind === 'unlawful')
    return { target: target.id, why: judgement.why, evidence: true, residency: true };
  if (judgement?.kind === 'unusable')
    return { target: target.id, why: judgement.why, evidence: judgement.evidence, residency: false };
  return { target: target.id, why: 'not-configured', evidence: true, residency: false };
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

interface Keeping {
  readonly removed: readonly Removal[];
  /** Why the rest stays. */
  readonly why: string;
  /** What is newly known of the targets that stay, by id; empty where nothing but removals may be published. */
  readonly known: ReadonlyMap<string, Target>;
}

/**
 * The published route without what residency forbids, and with what is newly known of its targets, in their order;
 * undefined when that changes nothing.
 */
function keptRoute(question: PlanQuestion, { removed, why, known }: Keeping): RouteDraft | undefined {
  const { previous, policy, facts, baseline } = question;
  if (previous === undefined) return undefined;
  const forbidden = new Set(removed.filter((each) => each.residency).map((each) => each.target));
  const staying = lawfulTargets(previous.targets, policy, facts).filter((each) => !forbidden.has(each.id));
  const targets = staying.map((each) => refreshTarget(each, known.get(each.id) ?? each));
  const fresher = targets.filter((each, index) => canonicalJson(each) !== canonicalJson(staying[index]));
  const keptBaseline = lawfulTargets(previous.baseline, policy, facts);
  const sameBaseline = keptBaseline.length === previous.baseline.length;
  const less = staying.length < previous.targets.length || !sameBaseline;
  if (!less && fresher.length === 0) return undefined;
  const parts = [
    ...(less ? [`removed what residency ${policy.name} forbids (${[...forbidden].sort().join(', ')})`] : []),
    ...(fresher.length === 0 ? [] : [`refreshed what is known of ${some(fresher.map((each) => each.id))}`]),
  ];
  return {
    model: previous.model,
    residency: previous.residency,
    schema: routeSchemaVersion,
    targets,
    baseline: sameBaseline ? previous.baseline : baseline,
    dropped: previous.dropped,
    ...(previous.unusable === undefined ? {} : { unusable: previous.unusable }),
    reason: `${parts.join('; ')}; the rest ${why}`,
  };
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

function reasonFor(
  previous: Route | undefined,
  targets: readonly Target[],
  removed: readonly Removal[],
): string {
  if (previous === undefined)
    return `first route: ${targets.length} ${targets.length === 1 ? 'target' : 'targets'}`;
  const before = new Set(previous.targets.map((target) => target.id));
  const added = targets.filter((target) => !before.has(target.id)).map((target) => target.id);
  const parts = [
    ...(added.length === 0 ? [] : [`added ${some(added)}`]),
    ...(removed.length === 0
      ? []
      : [`removed ${some(removed.map((each) => `${each.target} (${each.why})`))}`]),
  ];
  return parts.length === 0 ? 'targets changed in order or detail' : parts.join('; ');
}

/** A reason is read by people and stored with every version: a few names say enough. */
const NAMED_MAX = 5;

function some(names: readonly string[]): string {
  const rest = names.length - NAMED_MAX;
  return rest > 0 ? `${names.slice(0, NAMED_MAX).join(', ')} and ${rest} more` : names.join(', ');
}
