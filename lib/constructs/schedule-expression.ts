import { stableHash } from '#core/units/stable-hash.ts';

const SECONDS_PER_MINUTE = 60;
const MINUTES_PER_HOUR = 60;

/**
 * A period as EventBridge Scheduler spells it, shifted by whole minutes where the key asks for it.
 *
 * A period that divides the hour becomes `cron`, because only `cron` has a phase: a start date would have to lie in the
 * future at each deployment. Any other becomes `rate`, whose phase is the moment at which the schedule was made.
 * Within its minute the scheduler itself chooses the second. A period is rounded up to whole minutes: the service knows
 * none shorter, and local mode, which shares the setting, does.
 *
 * @throws RangeError when the period is not positive.
 */
export function scheduleExpression(options: {
  readonly everySeconds: number;
  readonly offsetKey?: string;
}): string {
  const { everySeconds, offsetKey } = options;
  if (!(everySeconds > 0)) throw new RangeError(`everySeconds must be positive, got ${everySeconds}`);
  const minutes = Math.ceil(everySeconds / SECONDS_PER_MINUTE);
  if (minutes === 1 || minutes >= MINUTES_PER_HOUR || MINUTES_PER_HOUR % minutes !== 0)
    return `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`;
  const offsetMinutes = offsetKey === undefined ? 0 : stableHash(offsetKey) % minutes;
  return `cron(${offsetMinutes}/${minutes} * * * ? *)`;
}
