import type { Ink, Paint } from '../terminal/paint.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { RowChange } from './describe-changes.ts';
import type { RecordedFacts } from './record-facts.ts';

const marks: Readonly<Record<RowChange['kind'], { readonly mark: string; readonly ink: Ink }>> = {
  added: { mark: '+', ink: 'good' },
  removed: { mark: '-', ink: 'bad' },
  changed: { mark: '~', ink: 'warn' },
};

/** What a recording changes, before anything is written. */
export function drawRecord(
  facts: RecordedFacts,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  return [
    ...drawRows('Models', facts.models, { width, paint }),
    ...drawRows('Profiles', facts.profiles, { width, paint }),
    ...facts.keptRegions.flatMap(({ region, why }) =>
      wrapText(`${region}: not fully answered, its facts are kept (${why})`, width).map((line) =>
        paint('warn', line),
      ),
    ),
    ...facts.unknownRegions.flatMap((region) =>
      wrapText(
        `${region}: answers, but data/regions.json does not know it; add its country and groups there, then record again.`,
        width,
      ).map((line) => paint('warn', line)),
    ),
  ];
}

function drawRows(
  title: string,
  changes: readonly RowChange[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  if (changes.length === 0) return [`${paint('strong', title)}: no change`];
  const count = (kind: RowChange['kind']): number => changes.filter((change) => change.kind === kind).length;
  const counts = `${count('added')} new, ${count('removed')} gone, ${count('changed')} changed`;
  return [
    `${paint('strong', title)}: ${counts}`,
    ...changes.flatMap(({ id, kind, details }) => [
      paint(marks[kind].ink, `  ${marks[kind].mark} ${id}`),
      ...details.flatMap((detail) => wrapText(detail, width - 6).map((line) => `      ${line}`)),
    ]),
  ];
}
