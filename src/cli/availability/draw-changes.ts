import type { AvailabilityChanges } from '#contract/availability-changes.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { shortTime } from '../terminal/time-ago.ts';
import { wrapText } from '../terminal/wrap-text.ts';

export type AvailabilityChange = AvailabilityChanges['changes'][number];

interface Look {
  readonly sign: string;
  readonly ink: Ink;
  /** After a number. */
  readonly counted: string;
}

export const changeLooks: Readonly<Record<AvailabilityChange['kind'], Look>> = {
  appeared: { sign: '+', ink: 'good', counted: 'appeared' },
  left: { sign: '-', ink: 'bad', counted: 'left' },
  changed: { sign: '~', ink: 'warn', counted: 'changed' },
  returned: { sign: '=', ink: 'dim', counted: 'came back as they were' },
  lost: { sign: '?', ink: 'warn', counted: 'cannot be told' },
};

/** What is different between two moments: how much, from when on it is known, and each target with its way. */
export function drawChanges(
  shown: AvailabilityChanges,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const { changes, since, until } = shown;
  const between = `between ${shortTime(since)} and ${shortTime(until)}`;
  const head = changes.length === 0 ? `Nothing moved ${between}.` : `${countsOf(changes)} ${between}:`;
  const doubts = doubtsOf(shown).flatMap((line) => wrapText(line, width));
  const rows = changes.map((change) => {
    const { sign, ink } = changeLooks[change.kind];
    return {
      cells: [
        { text: shortTime(change.at), ink: 'dim' as const },
        { text: sign, ink },
        nameOfChange(change),
        placeOf(change),
        { text: moveOf(change), ink },
      ],
      below: { text: wayOf(change), ink: 'dim' as const },
    };
  });
  const columns = [
    { heading: 'last moved' },
    { heading: '' },
    { heading: 'model', widthMin: 14 },
    { heading: 'where', widthMin: 14 },
    { heading: 'what', widthMin: 16 },
  ];
  return [
    ...wrapText(head, width).map((line) => paint('strong', line)),
    ...doubts.map((line) => paint('warn', line)),
    ...(rows.length === 0 ? [] : ['', ...withoutEmpty(renderTable({ columns, rows, width, paint }))]),
  ];
}

const withoutEmpty = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.trim() !== '');

function countsOf(changes: readonly AvailabilityChange[]): string {
  const kinds = Object.entries(changeLooks).flatMap(([kind, { counted }]) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${counted}`];
  });
  return kinds.join(', ');
}

/** What the answer does not know. */
function doubtsOf({ unrecorded, unreadable, stale, next }: AvailabilityChanges): readonly string[] {
  return [
    ...(stale ? ['STALE: discovery does not report everywhere; what it would have seen is not here.'] : []),
    ...unrecordedLines(unrecorded),
    ...(unreadable > 0 ? [`${unreadable} kept entries cannot be read, and are not shown.`] : []),
    ...(next === undefined
      ? []
      : ['There is more than this: narrow it with --model, --region or --account.']),
  ];
}

const PLACES_MAX = 6;

/** Where the past begins later than was asked. */
export function unrecordedLines(unrecorded: AvailabilityChanges['unrecorded']): readonly string[] {
  if (unrecorded.length === 0) return [];
  const places = unrecorded.slice(0, PLACES_MAX).map(({ account, region, recordedFrom }) => {
    const from = recordedFrom === undefined ? 'never' : `from ${shortTime(recordedFrom)}`;
    return `${region} of ${account} (${from})`;
  });
  const more = unrecorded.length - places.length;
  return [`Not recorded then: ${places.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`];
}

export const nameOfChange = ({
  model,
  modelId,
  endpoint,
  profileId,
}: Pick<AvailabilityChange, 'model' | 'modelId' | 'endpoint' | 'profileId'>): string => {
  const own = profileId ?? (endpoint === undefined ? modelId : `${endpoint} (endpoint)`) ?? '';
  return model === undefined ? own : `${model} ${own}`;
};

const placeOf = ({ account, region }: AvailabilityChange): string => `${region} of ${account}`;

function moveOf({ kind, before, after }: AvailabilityChange): string {
  const word = (state: string | undefined): string => (state ?? 'absent').replaceAll('-', ' ');
  if (kind === 'lost') return 'unknown: a change is lost';
  if (kind === 'returned') return `${word(after?.state)} again`;
  return `${word(before?.state)} → ${word(after?.state)}`;
}

/** Why, who can repair it, and by which steps where there were several. */
function wayOf({ after, hint, steps, stepsLeftOut }: AvailabilityChange): string {
  const reasons = after === undefined ? [] : after.reasons.filter((reason) => reason !== after.state);
  const why = reasons.length === 0 ? '' : `(${reasons.join(', ')}) `;
  const repair = hint.who === 'nobody' ? '' : `${hint.text} `;
  if (steps.length < 2) return `${why}${repair}`.trim();
  const way = steps.map(({ at, to }) => `${to ?? 'absent'} ${shortTime(at)}`).join(', ');
  const older = stepsLeftOut === 0 ? '' : `${stepsLeftOut} earlier moves, `;
  return `${why}${repair}by way of ${older}${way}`;
}
