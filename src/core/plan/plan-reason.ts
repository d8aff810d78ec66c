/** Why a route is published, in words for people. */
import type { Target } from '../target.ts';
import type { Removal } from './guard.ts';
import type { Route } from './route.ts';

export function reasonFor(
  previous: Route | undefined,
  targets: readonly Target[],
  removed: readonly Removal[],
): string {
  if (previous === undefined)
    return `first route: ${targets.length} ${targets.length === 1 ? 'target' : 'targets'}`;
  const before = new Set(previous.targets.map((target) => target.id));
  const added = targets.filter((target) => !before.has(target.id)).map((target) => target.id);
  const parts = [
    ...(added.length === 0 ? [] : [`added ${nameSome(added)}`]),
    ...(removed.length === 0
      ? []
      : [`removed ${nameSome(removed.map((each) => `${each.target} (${each.why})`))}`]),
  ];
  return parts.length === 0 ? 'targets changed in order or detail' : parts.join('; ');
}

/** A reason is read by people and stored with every version: a few names say enough. */
const NAMED_MAX = 5;

/** The first names, and how many more there are. */
export function nameSome(names: readonly string[]): string {
  const rest = names.length - NAMED_MAX;
  return rest > 0 ? `${names.slice(0, NAMED_MAX).join(', ')} and ${rest} more` : names.join(', ');
}
