import { groupBy } from '../availability/build-matrix.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { textWidth, wrapText } from '../terminal/wrap-text.ts';
import { type Check, listTodos } from './check.ts';

const looks: Readonly<Record<Check['status'], { readonly symbol: string; readonly ink: Ink }>> = {
  fine: { symbol: '✔', ink: 'good' },
  broken: { symbol: '✗', ink: 'bad' },
  advice: { symbol: '!', ink: 'warn' },
  skipped: { symbol: '–', ink: 'dim' },
};

interface Drawing {
  readonly width: number;
  readonly paint: Paint;
}

/** One line for each area that is fine, more where something is not, and the list of what to do. */
export function drawChecks(checks: readonly Check[], drawing: Drawing): readonly string[] {
  const areas = groupBy(checks, (check) => check.area);
  const nameWidth = Math.max(0, ...[...areas.keys()].map(textWidth));
  return [
    ...[...areas].flatMap(([area, own]) => drawArea(area.padEnd(nameWidth), own, drawing)),
    '',
    ...drawTodos(checks, drawing),
  ];
}

function drawArea(name: string, checks: readonly Check[], { width, paint }: Drawing): readonly string[] {
  const fine = checks.filter((check) => check.status === 'fine');
  const margin = ' '.repeat(textWidth(name) + 4);
  const room = Math.max(20, width - margin.length);
  const problems = groupBy(
    // Advice stands in the list below, once.
    checks.filter((check) => check.status === 'broken' || check.status === 'skipped'),
    (check) => `${check.status} ${check.subject} ${check.detail}`,
  );
  const [only] = fine;
  const summary =
    fine.length === 1 && only !== undefined && checks.every((check) => check.status !== 'broken')
      ? `${only.place}: ${only.detail}`
      : `${fine.length} of ${checks.length} fine`;
  const worst = (['broken', 'advice', 'skipped', 'fine'] as const).find((status) =>
    checks.some((check) => check.status === status),
  );
  const look = looks[worst ?? 'fine'];
  return [
    ...wrapText(summary, room).map((line, index) =>
      index === 0 ? `${paint('strong', name)}  ${paint(look.ink, look.symbol)} ${line}` : margin + line,
    ),
    ...[...problems.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const places = namesOf(group.map((check) => check.place));
      const { symbol, ink } = looks[first.status];
      return wrapText(
        `${symbol} ${first.subject}${places === '' ? '' : ` at ${places}`}: ${first.detail}`,
        room,
      ).map((line, index) => margin + paint(ink, index === 0 ? line : `  ${line}`));
    }),
  ];
}

function drawTodos(checks: readonly Check[], { width, paint }: Drawing): readonly string[] {
  const todos = listTodos(checks);
  if (todos.length === 0) return [paint('good', 'Nothing to do: everything answers as it should.')];
  const must = todos.filter((todo) => todo.must).length;
  const title = must === 0 ? 'Nothing must be done. Worth a look:' : 'What to do:';
  return [
    paint('strong', title),
    ...todos.flatMap((todo, index) => {
      const number = `${index + 1}.`.padStart(4);
      const places = namesOf(todo.places);
      const note = todo.must || must === 0 ? '' : ' (can wait)';
      return [
        ...wrapText(`${todo.text}${note}`, width - 5).map((line, lineIndex) =>
          lineIndex === 0 ? `${paint(todo.must ? 'bad' : 'warn', number)} ${line}` : `     ${line}`,
        ),
        ...(places === '' ? [] : wrapText(places, width - 5).map((line) => paint('dim', `     ${line}`))),
      ];
    }),
  ];
}

const PLACES_NAMED_MAX = 6;

function namesOf(places: readonly string[]): string {
  const named = places.filter((place) => place !== '');
  if (named.length <= PLACES_NAMED_MAX) return named.join(', ');
  return [...named.slice(0, PLACES_NAMED_MAX), `and ${named.length - PLACES_NAMED_MAX} more`].join(', ');
}
