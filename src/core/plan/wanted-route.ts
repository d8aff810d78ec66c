/** The route that the observations ask for, before anyone asks whether it may be published. */
import { judgeReach } from '../residency/judge-reach.ts';
import type { Target } from '../target.ts';
import { compareTargets } from './compare-targets.ts';
import type { Removal } from './guard.ts';
import { type CandidateQuestion, type Judgement, judgeCandidates } from './judge-candidates.ts';
import { lawfulTargets } from './lawful-targets.ts';
import { reasonFor } from './plan-reason.ts';
import { routableTargets } from './refresh-target.ts';
import { type Route, type RouteDraft, routeSchemaVersion } from './route.ts';

/** A table item holds 400 KB; 128 targets of about 1 KB leave room for the rest. */
export const TARGETS_MAX = 128;

export interface RouteQuestion extends CandidateQuestion {
  readonly previous: Route | undefined;
  /** Lawful entries of the configuration, resolved. */
  readonly baseline: readonly Target[];
}

interface WantedRoute {
  readonly draft: RouteDraft;
  readonly removed: readonly Removal[];
  readonly routable: ReadonlyMap<string, Target>;
}

export function wantedRoute(question: RouteQuestion): WantedRoute {
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
function carriedTargets(question: RouteQuestion, judged: ReadonlyMap<string, Judgement>): readonly Target[] {
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
function configuredPosition({ model, observations }: RouteQuestion, target: Target): number | undefined {
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

function removalsOf(
  question: RouteQuestion,
  judged: ReadonlyMap<string, Judgement>,
  next: readonly Target[],
): readonly Removal[] {
  const kept = new Set(next.map((target) => target.id));
  return (question.previous?.targets ?? [])
    .filter((target) => !kept.has(target.id))
    .map((target) => removalOf(question, target, judged.get(target.id)));
}

function removalOf(question: RouteQuestion, target: Target, judgement: Judgement | undefined): Removal {
  const { policy, facts } = question;
  const verdict = judgeReach({ policy, target, facts });
  if (!verdict.lawful) return { target: target.id, why: verdict.why, evidence: true, residency: true };
  if (judgement?.kind === 'unlawful')
    return { target: target.id, why: judgement.why, evidence: true, residency: true };
  if (judgement?.kind === 'unusable')
    return { target: target.id, why: judgement.why, evidence: judgement.evidence, residency: false };
  return { target: target.id, why: 'not-configured', evidence: true, residency: false };
}
