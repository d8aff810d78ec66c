import type { RouteChanges } from '#contract/route-history.ts';
import type { Route } from '#core/plan/route.ts';
import type { TargetChanges } from '#core/plan/version-changes.ts';
import type { Viewer } from './identify-viewer.ts';
import type { Services } from './services.ts';
import { routedVisibleTo } from './visible-targets.ts';

/** What may be told of some versions of a route: targets by id, and reasons, which name targets in their words. */
export interface ToldTargets {
  isTold(target: string): boolean;
  changes(changes: TargetChanges): RouteChanges;
  reason(text: string): string;
}

const IN_PLACE_OF_HIDDEN = '(a target outside your residencies)';
const IN_PLACE_OF_UNKNOWN = '(a target that is not told)';

/** Ids are `<account>/<region>/<what is called>`, and stand between spaces, commas and brackets. */
const namedTarget = /\b[0-9]{12}\/[a-z0-9-]+\/[^\s,;()]*[^\s,;():.]/g;

export const namedTargets = (reason: string): readonly string[] => reason.match(namedTarget) ?? [];

/** An old version may hold what the viewer's residencies forbid today. */
export function toldTargets(
  services: Pick<Services, 'policies' | 'facts'>,
  viewer: Viewer,
  versions: readonly Pick<Route, 'targets' | 'baseline'>[],
): ToldTargets {
  const isVisible = routedVisibleTo(services, viewer);
  const hidden = new Set(
    versions
      .flatMap(({ targets, baseline }) => [...targets, ...baseline])
      .filter((target) => !isVisible(target))
      .map(({ id }) => id),
  );
  // A longer id may begin with a shorter one.
  const longestFirst = [...hidden].sort((one, other) => other.length - one.length);
  const isTold = (target: string): boolean => !hidden.has(target);
  return {
    isTold,
    changes: (changes) => onlyTold(changes, isTold),
    reason: (text) => {
      const told = longestFirst.reduce((rest, id) => rest.replaceAll(id, IN_PLACE_OF_HIDDEN), text);
      return viewer.isOperator ? told : withoutUnknown(told, versions);
    },
  };
}

/** The oldest version that is kept names in its words what stood in one that is not: nobody can judge that any more. */
function withoutUnknown(text: string, versions: readonly Pick<Route, 'targets' | 'baseline'>[]): string {
  const known = new Set(
    versions.flatMap(({ targets, baseline }) => [...targets, ...baseline]).map(({ id }) => id),
  );
  return text.replace(namedTarget, (id) => (known.has(id) ? id : IN_PLACE_OF_UNKNOWN));
}

function onlyTold(
  { added, removed, changed, detailed, reordered }: TargetChanges,
  isTold: (target: string) => boolean,
): RouteChanges {
  const all = [...added, ...removed, ...changed.map(idOf), ...detailed.map(idOf)];
  return {
    added: added.filter(isTold),
    removed: removed.filter(isTold),
    changed: changed.filter(({ target }) => isTold(target)),
    detailed: detailed
      .filter(({ target }) => isTold(target))
      .map(({ target, members }) => ({ target, members: [...members] })),
    reordered,
    hidden: all.filter((id) => !isTold(id)).length,
  };
}

const idOf = ({ target }: { readonly target: string }): string => target;
