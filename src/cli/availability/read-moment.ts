import type { InstantMs } from '#core/units/instant-ms.ts';
import { instantOfIso } from '#core/units/instant-of-iso.ts';
import { UsageError } from '../usage-error.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A moment that a person names: `90m`, `2h` or `7d` back from now, `now`, or an ISO 8601 time with its zone. Not in the
 * future.
 *
 * @param option as it stands on the command line, for the error
 */
export function readMoment(
  text: string,
  { option, now }: { readonly option: string; readonly now: InstantMs },
): InstantMs {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Math.max(0, now - Number(count) * (unitMs[unit] ?? 0));
  if (text === 'now') return now;
  const at = instantOfIso(text);
  if (at === undefined)
    throw new UsageError(
      `${option} must be a duration such as 90m, 2h or 7d, or a time with its zone such as 2026-11-21T07:30:00Z, not "${text}"`,
    );
  if (at > now) throw new UsageError(`${option} must be past: "${text}" is yet to come`);
  return at;
}

export interface Period {
  readonly since: InstantMs;
  readonly until: InstantMs;
}

/** `--diff <a>..<b>`: two moments, the earlier one first. */
export function readDiff(text: string, now: InstantMs): Period {
  const [first, second, ...more] = text.split('..');
  if (first === undefined || second === undefined || more.length > 0)
    throw new UsageError(
      `--diff must be two moments such as 7d..1d or 2026-11-14T00:00:00Z..now, not "${text}"`,
    );
  const since = readMoment(first, { option: '--diff', now });
  const until = readMoment(second, { option: '--diff', now });
  if (since >= until)
    throw new UsageError(`--diff must name the earlier moment first: "${first}" is not before "${second}"`);
  return { since, until };
}
