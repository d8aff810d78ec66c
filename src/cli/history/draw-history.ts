import type { Route } from '#core/plan/route.ts';
import type { Target } from '#core/target.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { Paint } from '../terminal/paint.ts';
import { shortTime, timeAgo } from '../terminal/time-ago.ts';
import { wrapText } from '../terminal/wrap-text.ts';

/** One published version and how it differs from the one before it. */
export interface VersionChange {
  readonly version: number;
  readonly publishedAt: string;
  readonly reason: string;
  readonly targets: number;
  /** Undefined for the oldest version that is kept: what came before it is gone. */
  readonly added: readonly string[] | undefined;
  readonly removed: readonly string[] | undefined;
  /** Targets that stayed with another state, as `id: old → new`. */
  readonly changed: readonly string[] | undefined;
  /** The same targets in another order. */
  readonly reordered: boolean;
}

/** Changes from version to version, newest first, of a history that is newest first. */
export function readHistory(history: readonly Route[]): readonly VersionChange[] {
  return history.map((route, index) => {
    const before = history[index + 1];
    const { version, publishedAt, reason } = route;
    const head = { version, publishedAt, reason, targets: route.targets.length };
    if (before === undefined)
      return {
        ...head,
        added: version === 1 ? idsOf(route.targets) : undefined,
        removed: undefined,
        changed: undefined,
        reordered: false,
      };
    const ids = new Set(idsOf(route.targets));
    const old = new Map(before.targets.map((target) => [target.id, target]));
    const kept = route.targets.filter((target) => old.has(target.id));
    return {
      ...head,
      added: route.targets.filter((target) => !old.has(target.id)).map((target) => target.id),
      removed: before.targets.filter((target) => !ids.has(target.id)).map((target) => target.id),
      changed: kept.flatMap((target) => {
        const state = old.get(target.id)?.state;
        return state === target.state ? [] : [`${target.id}: ${state} → ${target.state}`];
      }),
      reordered: idsOf(kept).join() !== idsOf(before.targets.filter((target) => ids.has(target.id))).join(),
    };
  });
}

const idsOf = (targets: readonly Target[]): readonly string[] => targets.map((target) => target.id);

export interface HistoryDrawing {
  readonly width: number;
  readonly paint: Paint;
  readonly now: InstantMs;
  /** The version that is marked as the one that readers use. */
  readonly currentVersion: number | undefined;
}

export function drawHistory(
  title: string,
  changes: readonly VersionChange[],
  { width, paint, now, currentVersion }: HistoryDrawing,
): readonly string[] {
  return [
    paint('strong', title),
    ...changes.flatMap((change) => {
      const age = timeAgo(change.publishedAt, now);
      const facts = `${shortTime(change.publishedAt)} (${age}) · ${change.targets} target${change.targets === 1 ? '' : 's'}`;
      const current = change.version === currentVersion ? paint('good', ' current') : '';
      return [
        `  ${paint('strong', `version ${change.version}`)}${current}  ${paint('dim', facts)}`,
        ...wrapText(change.reason, width - 4).map((line) => `    ${line}`),
        ...(change.added ?? []).map((id) => paint('good', `    + ${id}`)),
        ...(change.removed ?? []).map((id) => paint('bad', `    - ${id}`)),
        ...(change.changed ?? []).map((text) => paint('warn', `    ~ ${text}`)),
        ...(change.reordered ? [paint('warn', '    ~ another order')] : []),
      ];
    }),
  ];
}
