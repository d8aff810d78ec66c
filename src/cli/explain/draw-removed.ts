import { passingWords, removalWords } from '#contract/decision-words.ts';
import type { Explanation } from '#contract/http.ts';
import { partsOfId } from '#contract/read-plan.ts';
import { groupBy } from '../availability/build-matrix.ts';
import type { Paint } from '../terminal/paint.ts';
import { wrapText } from '../terminal/wrap-text.ts';

interface RemovedDrawing {
  readonly explanation: Explanation;
  readonly width: number;
  readonly paint: Paint;
}

/** What was left out, by reason; of what passes also until when, and who found out. */
export function drawRemoved({ explanation, width, paint }: RemovedDrawing): readonly string[] {
  const distinct = distinctRemovals(explanation);
  // The gateway's own place forbids every target alike: the headline has said so.
  if (distinct.length === 0 || explanation.code === 'wrong_gateway_region') return [];
  const groups = [...groupBy(distinct, (removal) => removal.code)].sort(
    ([, left], [, right]) => right.length - left.length,
  );
  return [
    paint('strong', 'Removed'),
    ...groups.flatMap(([code, removed]) => {
      const named = [...groupBy(removed, (removal) => partsOfId(removal.target).name)].map(
        ([name, own]) =>
          `${name} in ${own.map((removal) => `${partsOfId(removal.target).region}${passing(removal)}`).join(', ')}`,
      );
      return [
        `  ${paint('warn', `${removed.length} ${code}`)}${paint('dim', `: ${removalWords[code]?.said ?? ''}${missingIn(removed)}`)}`,
        ...named.sort().flatMap((text) => wrapText(text, width - 4).map((line) => `    ${line}`)),
      ];
    }),
  ];
}

/** How long it lasts, and who found out. */
function passing(removal: Explanation['removed'][number]): string {
  const words = passingWords(removal);
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function missingIn(removed: Explanation['removed']): string {
  const names = [...new Set(removed.flatMap(({ missing }) => missing ?? []))];
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}

/** A target that the route and the baseline both offer is judged twice and told once. */
export function distinctRemovals({ removed }: Explanation): Explanation['removed'] {
  return [...new Map(removed.map((removal) => [`${removal.target} ${removal.code}`, removal])).values()];
}
