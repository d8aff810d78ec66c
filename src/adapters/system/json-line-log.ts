import type { Clock } from '#usecases/ports/clock.ts';
import type { Log } from '#usecases/ports/log.ts';

/** One JSON object a line, time first: what log services split and index by themselves. */
export function createJsonLineLog(options: {
  readonly clock: Pick<Clock, 'now'>;
  /** Takes one line with its end. */
  readonly write: (line: string) => void;
}): Log {
  const { clock, write } = options;
  return {
    write(level, event, facts = {}) {
      const time = new Date(clock.now()).toISOString();
      write(`${JSON.stringify({ time, level, event, ...withoutReserved(facts) })}\n`);
    },
  };
}

const reserved = new Set(['time', 'level', 'event']);

function withoutReserved(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !reserved.has(name)));
}
