/** How published versions of a route differ, for people who look at its history or are about to go back. */
import type { Target } from '../target.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Route } from './route.ts';

/** What one list of targets has that another one has not. */
export interface TargetChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Targets that stayed with another state. */
  readonly changed: readonly StateChange[];
  /** Targets that stayed with the same state, and other members that differ. */
  readonly detailed: readonly DetailChange[];
  /** Those that stayed stand in another order. */
  readonly reordered: boolean;
}

interface StateChange {
  readonly target: string;
  readonly before: Target['state'];
  readonly after: Target['state'];
}

interface DetailChange {
  readonly target: string;
  /** Names of members, such as `pricing`. */
  readonly members: readonly string[];
}

/** One published version and how it differs from the one before it. */
export interface VersionChange {
  readonly route: Route;
  /** Undefined for the oldest version that is kept: what came before it is gone. The first one of all added its targets. */
  readonly changes: TargetChanges | undefined;
}

/** Changes from version to version, newest first, of a history that is newest first. */
export function readHistory(history: readonly Route[]): readonly VersionChange[] {
  return history.map((route, index) => {
    const before = history[index + 1];
    if (before !== undefined) return { route, changes: targetChanges(before.targets, route.targets) };
    return { route, changes: route.version === 1 ? targetChanges([], route.targets) : undefined };
  });
}

/** What becomes of the targets before as those after take their place. */
export function targetChanges(before: readonly Target[], after: readonly Target[]): TargetChanges {
  const old = new Map(before.map((target) => [target.id, target]));
  const ids = new Set(after.map(({ id }) => id));
  const kept = after.flatMap((target) => {
    const known = old.get(target.id);
    return known === undefined ? [] : [{ known, target }];
  });
  return {
    added: after.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    removed: before.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    changed: kept
      .filter(({ known, target }) => known.state !== target.state)
      .map(({ known, target }) => ({ target: target.id, before: known.state, after: target.state })),
    detailed: kept
      .filter(({ known, target }) => known.state === target.state)
      .map(({ known, target }) => ({ target: target.id, members: differingMembers(known, target) }))
      .filter(({ members }) => members.length > 0),
    reordered:
      kept.map(({ target }) => target.id).join() !==
      before
        .filter(({ id }) => ids.has(id))
        .map(({ id }) => id)
        .join(),
  };
}

function differingMembers(one: Target, other: Target): readonly string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])] as readonly (keyof Target)[];
  return names
    .filter((name) => canonicalJson({ member: one[name] }) !== canonicalJson({ member: other[name] }))
    .toSorted();
}
