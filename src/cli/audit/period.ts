import type { Period } from '#usecases/audit-proof/read-trail.ts';
import type { CommandLine, CommandSpec } from '../parse-command-line.ts';
import { UsageError } from '../usage-error.ts';
import { parseTime } from './parse-time.ts';

/** The options that name the period of decisions. */
export const periodOptions: CommandSpec['options'] = {
  from: { type: 'string', value: '<time>', help: 'decisions from then on (default: the beginning)' },
  to: { type: 'string', value: '<time>', help: 'decisions until then (default: now)' },
};

/**
 * @param now epoch milliseconds
 * @throws UsageError for what is no time in UTC, a period that ends before it begins, begins after now, or ends after today
 */
export function readPeriod(line: Pick<CommandLine, 'text'>, now: number): Period {
  const [fromText, toText] = [line.text('from'), line.text('to')];
  const from = fromText === undefined ? undefined : parseTime(fromText, 'from');
  const to = toText === undefined ? undefined : parseTime(toText, 'to');
  if (from !== undefined && to !== undefined && to < from)
    throw new UsageError(`--to must not be before --from: ${toText} is before ${fromText}`);
  if (from !== undefined && from > now)
    throw new UsageError(`--from must not be in the future: ${fromText} is after ${told(now)}`);
  if (to !== undefined && to > endOfDay(now))
    throw new UsageError(
      `--to must not be after today: ${toText}, and it is ${told(now)}; nothing can be said of what was not yet decided`,
    );
  return { from, to };
}

const DAY_MS = 86_400_000;

const endOfDay = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS + DAY_MS - 1;

/** For people, in UTC. */
export function tellPeriod({ from, to }: Period): string {
  const begin = from === undefined ? 'the beginning' : told(from);
  return `${begin} to ${to === undefined ? 'now' : told(to)}`;
}

function told(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
