import type { TargetChanges, VersionChange } from '#core/plan/version-changes.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { Paint } from '../terminal/paint.ts';
import { shortTime, timeAgo } from '../terminal/time-ago.ts';
import { wrapText } from '../terminal/wrap-text.ts';

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
    ...changes.flatMap(({ route, changes: targets }) => {
      const { version, publishedAt, reason } = route;
      const count = route.targets.length;
      const age = timeAgo(publishedAt, now);
      const facts = `${shortTime(publishedAt)} (${age}) · ${count} target${count === 1 ? '' : 's'}`;
      const current = version === currentVersion ? paint('good', ' current') : '';
      return [
        `  ${paint('strong', `version ${version}`)}${current}  ${paint('dim', facts)}`,
        ...wrapText(reason, width - 4).map((line) => `    ${line}`),
        ...(targets === undefined ? [] : drawTargets(targets, paint)),
      ];
    }),
  ];
}

function drawTargets(
  { added, removed, changed, detailed, reordered }: TargetChanges,
  paint: Paint,
): readonly string[] {
  return [
    ...added.map((id) => paint('good', `    + ${id}`)),
    ...removed.map((id) => paint('bad', `    - ${id}`)),
    ...changed.map(({ target, before, after }) => paint('warn', `    ~ ${target}: ${before} → ${after}`)),
    ...detailed.map(({ target, members }) => paint('warn', `    ~ ${target}: other ${members.join(', ')}`)),
    ...(reordered ? [paint('warn', '    ~ another order')] : []),
  ];
}
