import type * as z from 'zod';
import type { SpillwayConfig } from '#contract/config.ts';
import { controlRegions } from '#runtime/cli-runtime.ts';
import { UsageError } from './usage-error.ts';

/** An order by the rules of the HTTP operations; a UsageError names each option that breaks one. */
export function checkOrder<Schema extends z.ZodType>(schema: Schema, order: unknown): z.output<Schema> {
  const parsed = schema.safeParse(order);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`);
  throw new UsageError([...new Set(wrong)].join('; '));
}

/** The number of an option; NaN where it is none, which `checkOrder` refuses. */
export function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** The named region; throws a UsageError where it has no control items of its own. */
export function checkControlRegion(config: SpillwayConfig, region: string): string {
  const known = controlRegions(config);
  if (known.includes(region)) return region;
  throw new UsageError(`No order can stand in "${region}"; the regions are ${known.join(', ')}`);
}
