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
 * @throws UsageError for what is no time in UTC, or a period that ends before it begins, or begins after now
 */
export function readPeriod(line: Pick<CommandLine, 'text'>, now: number): Period {
  const [fromText, toText] = [line.text('from'), line.text('to')];
  const from = fromText === undefined ? undefined : parseTime(fromText, 'from');
  const to = toText === undefined ? undefined : parseTime(toText, 'to');
  if (from !== undefined && to !== undefined && to < from)
    throw new UsageError(`--to must not be before --from: ${toText} is before ${fromText}`);
  if (from !== undefined && from > now)
    throw new UsageError(`--from must not be in the future: ${fromText} is after ${told(now)}`);
  return { from, to };
}

/** For people, in UTC. */
export function tellPeriod({ from, to }: Period): string {
  const begin = from === undefined ? 'the beginning' : told(from);
  return `${begin} to ${to === undefined ? 'now' : told(to)}`;
}

function told(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
