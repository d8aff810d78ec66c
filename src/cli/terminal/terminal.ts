/**
 * cli/terminal: what a command needs of the place it writes to, and the small shapes it draws with.
 *
 * Invariant: answers go to stdout, everything else (errors, progress, questions) to stderr, so that a pipe holds
 * answers only; colour and progress exist on a terminal alone. The folder owns no state but the progress line.
 */
import { colourPaint, type Paint, plainPaint } from './paint.ts';
import { openScreen, type Screen } from './screen.ts';

export interface Terminal {
  /** Columns to draw within. */
  readonly width: number;
  /** For answers, on stdout. */
  readonly paint: Paint;
  /** For errors, on stderr. */
  readonly paintError: Paint;
  /** True where a person can answer a question. */
  readonly interactive: boolean;
  /** Writes lines to stdout. */
  print(...lines: readonly string[]): void;
  /** Writes lines to stderr. */
  complain(...lines: readonly string[]): void;
  /** Replaces the progress line; nothing where stderr is no terminal. An empty text clears it. */
  progress(text: string): void;
  /** Takes the whole screen until it is closed; undefined where stdout is no terminal. */
  openScreen(): Screen | undefined;
  /** Puts a question on stderr and answers the line that was typed. */
  ask(question: string): Promise<string>;
}

interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface TerminalStreams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdinIsTerminal: boolean;
  /** Reads one line that a person types. */
  readLine(question: string): Promise<string>;
}

/** Wide enough for one line per row in a file or a pager, where nothing says how wide the reader's screen is. */
const WIDTH_WITHOUT_TERMINAL = 160;
const WIDTH_MIN = 40;

/** `colour`: `never` (NO_COLOR), `always` (FORCE_COLOR) or `auto`, on terminals alone. */
export function createTerminal(
  streams: TerminalStreams,
  settings: { readonly colour: 'auto' | 'always' | 'never'; readonly columns?: number | undefined },
): Terminal {
  const { stdout, stderr } = streams;
  let progressShown = false;
  const paintFor = (stream: OutputStream): Paint =>
    settings.colour === 'always' || (settings.colour === 'auto' && stream.isTTY === true)
      ? colourPaint
      : plainPaint;
  const progress = (text: string): void => {
    if (stderr.isTTY !== true || (text === '' && !progressShown)) return;
    stderr.write(`\r\u001b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
    progressShown = text !== '';
  };
  const columns =
    settings.columns ?? (stdout.isTTY === true ? (stdout.columns ?? 80) : WIDTH_WITHOUT_TERMINAL);
  return {
    width: Math.max(WIDTH_MIN, columns),
    paint: paintFor(stdout),
    paintError: paintFor(stderr),
    interactive: streams.stdinIsTerminal && stderr.isTTY === true,
    print: (...lines) => {
      progress('');
      stdout.write(lines.map((line) => `${line}\n`).join(''));
    },
    complain: (...lines) => {
      progress('');
      stderr.write(lines.map((line) => `${line}\n`).join(''));
    },
    progress,
    openScreen: () => (stdout.isTTY === true ? openScreen(stdout) : undefined),
    ask: (question) => streams.readLine(question),
  };
}
