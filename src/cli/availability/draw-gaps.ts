import type { Repairer } from '#contract/availability-cells.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { Gap } from './find-gaps.ts';

const repairerLooks: Readonly<Record<Repairer, { readonly title: string; readonly ink: Ink }>> = {
  'account-owner': { title: 'The account owner can repair', ink: 'bad' },
  'aws-support': { title: 'AWS support can repair', ink: 'bad' },
  wait: { title: 'Will pass by itself', ink: 'warn' },
  nobody: { title: 'Nobody can repair', ink: 'dim' },
};

/** Why a configured model is missing somewhere and who can change that, grouped so that it stays short. */
export function drawGaps(
  gaps: readonly Gap[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  if (gaps.length === 0)
    return [paint('good', 'No gaps: every configured model answers in every region shown.')];
  return gaps.flatMap((gap, index) => {
    const look = repairerLooks[gap.who];
    const title = gaps[index - 1]?.who === gap.who ? [] : [paint('strong', look.title)];
    const rows = gap.places.map((place) => ({
      cells: [place.model, { text: place.name, ink: 'dim' as const }, place.regions.join(', ')],
    }));
    return [
      ...title,
      ...wrapText(`${gap.why}: ${gap.text}`, width - 2).map((line) => `  ${paint(look.ink, line)}`),
      ...renderTable({
        columns: [{ heading: '' }, { heading: '', widthMin: 16 }, { heading: '', widthMin: 20 }],
        rows,
        width,
        paint,
        indent: 4,
      }),
    ];
  });
}
