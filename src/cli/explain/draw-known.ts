import type { Availability } from '#contract/http.ts';
import { partsOfId } from '#contract/read-plan.ts';
import { groupBy } from '../availability/build-matrix.ts';
import type { Paint } from '../terminal/paint.ts';
import { wrapText } from '../terminal/wrap-text.ts';

type KnownTarget = Availability['targets'][number];

export interface KnownDrawing {
  /** What discovery knows of the model, lawful or not. */
  readonly known: readonly KnownTarget[];
  readonly residency: string;
  readonly width: number;
  readonly paint: Paint;
}

/**
 * Why a residency has no target: a route holds lawful targets only, so what it left out stands in discovery's
 * observations alone. The narrowest reach comes first: it is the nearest miss.
 */
export function drawKnown({ known, residency, width, paint }: KnownDrawing): readonly string[] {
  if (known.length === 0) return [];
  const groups = groupBy(
    [...known].sort(byReach),
    (target) => `${partsOfId(target.id).name}\n${whyNot(target)}`,
  );
  return [
    paint('strong', `Known, and not lawful or not callable in ${residency}`),
    ...[...groups.values()].flatMap(([first]) =>
      first === undefined
        ? []
        : [
            `  ${partsOfId(first.id).name}`,
            ...wrapText(whyNot(first), width - 4).map((line) => paint('dim', `    ${line}`)),
          ],
    ),
  ];
}

const usable: readonly KnownTarget['state'][] = ['available', 'legacy', 'warm', 'warming', 'cold'];

function whyNot({ state, reach, hint }: KnownTarget): string {
  if (!usable.includes(state)) return `${state}: ${hint.text}`;
  return reach.includes('*') ? 'may reach every region' : `may reach ${[...reach].sort().join(', ')}`;
}

function byReach(left: KnownTarget, right: KnownTarget): number {
  const [one, other] = [sizeOf(left), sizeOf(right)];
  if (one !== other) return one < other ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}

const sizeOf = ({ reach }: KnownTarget): number =>
  reach.includes('*') ? Number.POSITIVE_INFINITY : reach.length;
