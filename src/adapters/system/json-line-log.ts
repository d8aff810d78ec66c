import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { Log } from '#usecases/ports/log.ts';

/** One JSON object a line, time first: what log services split and index by themselves. */
export function createJsonLineLog(options: {
  readonly clock: Pick<Clock, 'now'>;
  /** Takes one line with its end. */
  readonly write: (line: string) => void;
}): Log {
  const { clock, write } = options;
  const isoOf = isoBySecond();
  return {
    write(level, event, facts = {}) {
      const own = `{"time":"${isoOf(clock.now())}","level":"${level}","event":${JSON.stringify(event)}`;
      // Own members stand first, and no fact stands in their place.
      const isOwn = 'time' in facts || 'level' in facts || 'event' in facts;
      const told = JSON.stringify(isOwn ? withoutOwn(facts) : facts);
      write(told === '{}' ? `${own}}\n` : `${own},${told.slice(1)}\n`);
    },
  };
}

type Facts = NonNullable<Parameters<Log['write']>[2]>;

function withoutOwn({ time: _time, level: _level, event: _event, ...facts }: Facts): Facts {
  return facts;
}

/** ISO 8601 with milliseconds. Lines come thousands a second, and of each second the date is written once. */
function isoBySecond(): (at: number) => string {
  let second = Number.NaN;
  let upToSecond = '';
  return (at) => {
    const milliseconds = at % 1000;
    if (at - milliseconds !== second) {
      second = at - milliseconds;
      upToSecond = isoOfInstant(second).slice(0, -'000Z'.length);
    }
    return `${upToSecond}${String(milliseconds).padStart(3, '0')}Z`;
  };
}
