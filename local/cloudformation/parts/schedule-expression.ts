/** When a schedule fires: `rate(5 minutes)`, and `cron(…)` with EventBridge's six fields, in UTC. */

const minuteMs = 60_000;
const unitMinutes: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };

export interface ScheduleTimes {
  /** Whether it fires in the minute that begins here. @param since when the schedule was made: a rate counts from there */
  firesAt(minute: Date, since: Date): boolean;
}

/** @throws an Error that names what is wrong with it */
export function readScheduleExpression(expression: string): ScheduleTimes {
  const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit !== '') {
    const every = Number(count) * (unitMinutes[unit] ?? 0) * minuteMs;
    if (every === 0) throw new Error(`ScheduleExpression ${expression}: a rate of nothing`);
    const passed = (minute: Date, since: Date) =>
      Math.floor(minute.getTime() / minuteMs) * minuteMs - floored(since);
    return { firesAt: (minute, since) => passed(minute, since) >= 0 && passed(minute, since) % every === 0 };
  }
  const [, inner = ''] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const fields = inner.split(' ');
  if (fields.length !== 6)
    throw new Error(`ScheduleExpression ${expression} is neither rate(…) nor cron(…) of six fields`);
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = ''] = fields;
  const tests = [
    field(minutes, 0, 59),
    field(hours, 0, 23),
    field(days, 1, 31),
    field(months, 1, 12),
    field(weekdays, 1, 7),
    field(years, 1970, 2199),
  ] as const;
  const [inMinute, inHour, onDay, inMonth, onWeekday, inYear] = tests;
  return {
    firesAt: (at) =>
      inMinute(at.getUTCMinutes()) &&
      inHour(at.getUTCHours()) &&
      onDay(at.getUTCDate()) &&
      inMonth(at.getUTCMonth() + 1) &&
      onWeekday(at.getUTCDay() + 1) &&
      inYear(at.getUTCFullYear()),
  };
}

const floored = (time: Date): number => Math.floor(time.getTime() / minuteMs) * minuteMs;

/** `*`, `?`, `5`, `1-4`, `0/5`, and lists of them. */
function field(text: string, min: number, max: number): (value: number) => boolean {
  if (text === '*' || text === '?') return () => true;
  const parts = text.split(',').map((part) => {
    const [, from = '', to, step] = /^(\d+|\*)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const first = from === '*' ? min : Number(from);
    const last = to === undefined ? (step === undefined && from !== '*' ? first : max) : Number(to);
    if (from === '' || first < min || last > max || first > last) {
      throw new Error(`the field ${part} of a cron expression is not of ${min} to ${max}`);
    }
    return { first, last, step: Number(step ?? 1) };
  });
  return (value) =>
    parts.some(({ first, last, step }) => value >= first && value <= last && (value - first) % step === 0);
}
