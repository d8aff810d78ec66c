import type { Target } from '../target.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Removal } from './guard.ts';
import { lawfulTargets } from './lawful-targets.ts';
import { nameSome } from './plan-reason.ts';
import { refreshTarget } from './refresh-target.ts';
import { type RouteDraft, routeSchemaVersion } from './route.ts';
import type { RouteQuestion } from './wanted-route.ts';

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
export function keptRoute(question: RouteQuestion, { removed, why, known }: Keeping): RouteDraft | undefined {
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
    ...(fresher.length === 0
      ? []
      : [`refreshed what is known of ${nameSome(fresher.map((each) => each.id))}`]),
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
