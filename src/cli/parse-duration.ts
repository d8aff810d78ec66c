import { UsageError } from './usage-error.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Ten years. */
const DURATION_MS_MAX = 3_650 * 86_400_000;

/** Milliseconds of `90d`, `12h`, `30m` or `45s`; at most ten years, and 0 for a text such as `0s`. */
export function parseDuration(text: string, option: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (milliseconds <= DURATION_MS_MAX) return milliseconds;
  throw new UsageError(
    `--${option} must be a duration of at most ten years, such as 30m, 12h or 90d, not "${text}"`,
  );
}
