import type { InstantMs } from '#core/units/instant-ms.ts';
import type { Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { shortTime, timeLeft } from '../terminal/time-ago.ts';
import type { Overrides } from './read-overrides.ts';

interface Word {
  readonly by: string;
  readonly region: string;
  readonly until: string;
  readonly reason: string;
}

/** `until 2026-11-22 07:30:00Z (23 hours left) by ada in us-east-1: a release`. */
export function describeWord({ by, region, until, reason }: Word, now: InstantMs): string {
  return `until ${shortTime(until)} (${timeLeft(until, now)} left) by ${by} in ${region}: ${reason}`;
}

/** One row for each word; where a line is too short for ids, they stand below, for a wrapped id cannot be copied. */
export function drawOverrides(
  { holds, disabled }: Overrides,
  { now, width, paint }: { readonly now: InstantMs; readonly width: number; readonly paint: Paint },
): readonly string[] {
  const words = [
    ...holds.map((hold) => ({ ...hold, what: 'pinned', subject: `${hold.model} · ${hold.residency}` })),
    ...disabled.map((word) => ({ ...word, what: 'disabled', subject: word.target })),
  ];
  const wide = Math.max(...words.map(({ subject }) => subject.length)) + OTHER_COLUMNS <= width;
  const headings = ['', ...(wide ? ['route or target'] : []), 'until', 'left', 'by', 'written in'];
  return renderTable({
    columns: [...headings.map((heading) => ({ heading })), { heading: 'reason', widthMin: 12 }],
    rows: words.map((word) => ({
      cells: [
        { text: word.what, ink: word.what === 'pinned' ? 'warn' : 'bad' },
        ...(wide ? [word.subject] : []),
        shortTime(word.until),
        timeLeft(word.until, now),
        word.by,
        word.region,
        word.reason,
      ],
      below: wide ? undefined : { text: word.subject, ink: 'strong' },
    })),
    width,
    paint,
  });
}

/** What all columns but the route or target take on one line, with a reason of a few words. */
const OTHER_COLUMNS = 95;
