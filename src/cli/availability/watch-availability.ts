/** The matrix as it changes: asked for again and again, drawn in place, with what moved since it began. */
import type { Availability } from '#contract/http.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { Paint } from '../terminal/paint.ts';
import type { Screen } from '../terminal/screen.ts';
import { shortTime, timeAgo } from '../terminal/time-ago.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { CommandFailure } from '../usage-error.ts';
import { compareAnswers, type SeenChange } from './compare-answers.ts';
import { changeLooks, nameOfChange } from './draw-changes.ts';

export interface Watch {
  readonly clock: Clock;
  readonly everyMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** @throws CommandFailure that says why there is no answer */
  load(): Promise<Availability>;
  /** The matrix of an answer, as wide as the screen. */
  draw(shown: Availability, width: number): readonly string[];
  readonly paint: Paint;
}

/** Where it is shown: on a screen, or as lines of those that moved. */
export interface WatchOutput {
  readonly screen: Screen | undefined;
  /** Takes each change where there is no screen. */
  changed(change: SeenChange): void;
  /** Takes the matrix at the beginning where there is no screen. */
  began(shown: Availability): void;
  /** Told once when answers cease, and once when they are back. */
  trouble(sentence: string): void;
}

interface Standing {
  readonly began: number;
  readonly shown: Availability;
  readonly answeredAt: number;
  /** How much moved since it began, the newest of it, and what the last answer brought. */
  readonly moved: number;
  readonly changes: readonly SeenChange[];
  readonly news: readonly SeenChange[];
  /** Why the last question had no answer. */
  readonly trouble: string | undefined;
}

/**
 * Until the signal aborts. Answers that fail for a while are waited for: the last one stays, and is called stale.
 *
 * @returns the newest of what moved
 * @throws what the first question throws
 */
export async function watchAvailability(watch: Watch, output: WatchOutput): Promise<readonly SeenChange[]> {
  const { clock, signal } = watch;
  const first = await watch.load();
  const began = clock.now();
  const nothing = { moved: 0, changes: [], news: [], trouble: undefined };
  let standing: Standing = { began, shown: first, answeredAt: began, ...nothing };
  if (output.screen === undefined) output.began(first);
  while (!signal.aborted) {
    if (await shownUntilDue(watch, standing, output.screen)) break;
    const next = await askAgain(watch, standing);
    if (output.screen === undefined) tell(output, standing, next);
    standing = next;
  }
  return standing.changes;
}

/** For so long a window that was made wider or narrower shows what was drawn for the old one. */
const RESIZE_MS = 500;

/** Until it is time to ask again. @returns whether it was interrupted */
async function shownUntilDue(watch: Watch, standing: Standing, screen: Screen | undefined): Promise<boolean> {
  const { clock, everyMs, signal } = watch;
  if (screen === undefined) return interrupted(clock.sleep(everyMs, signal));
  let size = '';
  for (let leftMs = everyMs; leftMs > 0; leftMs -= RESIZE_MS) {
    const { columns, rows } = screen;
    if (size !== `${columns}x${rows}`) screen.show(frameOf(watch, standing, screen));
    size = `${columns}x${rows}`;
    if (await interrupted(clock.sleep(Math.min(RESIZE_MS, leftMs), signal))) return true;
  }
  return false;
}

const interrupted = (sleep: Promise<void>): Promise<boolean> =>
  sleep.then(
    () => false,
    () => true,
  );

async function askAgain({ clock, load }: Watch, standing: Standing): Promise<Standing> {
  try {
    const shown = await load();
    const answeredAt = clock.now();
    const seenAt = new Date(answeredAt).toISOString();
    const news = compareAnswers(standing.shown.targets, shown.targets, seenAt);
    const changes = [...standing.changes, ...news].slice(-CHANGES_KEPT_MAX);
    const moved = standing.moved + news.length;
    return { ...standing, shown, answeredAt, news, changes, moved, trouble: undefined };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { ...standing, news: [], trouble: error.message };
  }
}

function tell(output: WatchOutput, before: Standing, after: Standing): void {
  if (before.trouble === undefined && after.trouble !== undefined)
    output.trouble(`STALE since ${shortTime(after.shown.asOf)}: ${after.trouble}`);
  if (before.trouble !== undefined && after.trouble === undefined) output.trouble('Answers are back.');
  for (const change of after.news) output.changed(change);
}

/** A watch of weeks must not fill the memory. */
const CHANGES_KEPT_MAX = 1000;

/** Lines of changes that are always seen, whatever the matrix takes. */
const CHANGES_SHOWN_MAX = 8;

function frameOf(watch: Watch, standing: Standing, screen: Screen): readonly string[] {
  const { paint, draw, clock } = watch;
  const { shown, trouble, answeredAt } = standing;
  const { columns, rows } = screen;
  const width = Math.max(40, columns);
  const age = timeAgo(new Date(answeredAt).toISOString(), clock.now());
  const warning = trouble === undefined ? [] : wrapText(`STALE, last answer ${age}: ${trouble}`, width);
  const changes = changeLines(standing, width, paint);
  const below = ['', ...changes, paint('dim', 'Ctrl-C ends it.')];
  const above = warning.map((line) => paint('bad', line));
  const room = Math.max(1, rows - above.length - below.length);
  const matrix = draw(shown, width);
  const cut = `… ${matrix.length - room + 1} more lines: a larger window shows them, or --model, --region`;
  const seen =
    matrix.length <= room ? matrix : [...matrix.slice(0, room - 1), paint('dim', cut.slice(0, width))];
  return [...above, ...seen, ...below];
}

function changeLines({ began, changes, moved }: Standing, width: number, paint: Paint): readonly string[] {
  const since = shortTime(new Date(began).toISOString());
  if (changes.length === 0) return [paint('dim', `Nothing moved since ${since}.`)];
  const latest = changes.slice(-CHANGES_SHOWN_MAX).reverse();
  return [
    paint('strong', `${moved} moved since ${since}, newest first:`.slice(0, width)),
    ...latest.map((change) => paint(changeLooks[change.kind].ink, changeLine(change).slice(0, width))),
  ];
}

/** One change on one line, what matters most first: a narrow screen cuts its end. */
export function changeLine(change: SeenChange): string {
  const word = (state: string | undefined): string => (state ?? 'absent').replaceAll('-', ' ');
  const { at, kind, region, account, from, to, reasons } = change;
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  const move = `${word(from)} → ${word(to)}`;
  return `${shortTime(at)} ${changeLooks[kind].sign} ${region}  ${move}  ${nameOfChange(change)} of ${account}${why}`;
}
