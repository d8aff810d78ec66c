import type { CommandContext } from '../command.ts';
import { parseDuration } from '../parse-duration.ts';
import { UsageError } from '../usage-error.ts';
import { readDiff, readMoment } from './read-moment.ts';

/** How it is or was, what moved, or how it changes from now on. */
export type AskedView =
  | { readonly kind: 'matrix'; readonly at: number | undefined }
  | { readonly kind: 'changes'; readonly since: number; readonly until: number | undefined }
  | { readonly kind: 'watch'; readonly everyMs: number };

const EVERY = '10s';
const EVERY_MS_MIN = 1000;

/** @throws UsageError for options that contradict each other, and for times that are none */
export function askedView({ line, runtime }: CommandContext): AskedView {
  const [since, diff, at] = [line.text('since'), line.text('diff'), line.text('at')];
  const watch = line.flag('watch');
  const views = { watch: watch || undefined, since, diff, at };
  const named = Object.entries(views).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (named.length > 1)
    throw new UsageError(`${named.join(' and ')} ask for different things: name one of them`);
  checkForm(line);
  const now = runtime.now();
  if (since !== undefined)
    return { kind: 'changes', since: readMoment(since, { option: '--since', now }), until: undefined };
  if (diff !== undefined) return { kind: 'changes', ...readDiff(diff, now) };
  if (watch) return { kind: 'watch', everyMs: everyMsOf(line.text('every') ?? EVERY) };
  return { kind: 'matrix', at: at === undefined ? undefined : readMoment(at, { option: '--at', now }) };
}

function checkForm(line: CommandContext['line']): void {
  if (line.flag('csv') && line.flag('json'))
    throw new UsageError('--csv and --json are two forms: name one of them');
  if (line.flag('csv') && line.flag('watch'))
    throw new UsageError('--watch has no --csv: with --json it prints one line for each change');
  if (line.text('every') !== undefined && !line.flag('watch'))
    throw new UsageError('--every says how often --watch asks: name --watch too');
  if (line.text('changed-since') === undefined) return;
  for (const view of ['since', 'diff'] as const)
    if (line.text(view) !== undefined)
      throw new UsageError(`--changed-since narrows the matrix, and --${view} shows none: name one of them`);
}

function everyMsOf(text: string): number {
  const everyMs = parseDuration(text, 'every');
  if (everyMs >= EVERY_MS_MIN) return everyMs;
  throw new UsageError(`--every must be 1s or more, not "${text}"`);
}
