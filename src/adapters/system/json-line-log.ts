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
      const own = { time: new Date(clock.now()).toISOString(), level, event };
      // First for their place in the line, last so that no fact stands in theirs.
      write(`${JSON.stringify({ ...own, ...facts, ...own })}\n`);
    },
  };
}
