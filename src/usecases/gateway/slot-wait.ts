import { remainingMs } from './decide.ts';
import type { Run } from './job.ts';

/** A request that waits holds a whole environment where each serves one: it asks again so often, no more. */
const WAITS_MAX = 2;
/** Of its time to the first content: a slot that comes later than this is no better than an answer from elsewhere. */
const WAIT_SHARE_MAX = 0.1;

/**
 * How long to wait before full targets are asked again: by chance up to half of a share of the time to the first
 * content, so that those who were turned away together do not come back together. Undefined when it has waited enough.
 */
export function slotWait(
  { services, job }: Run,
  so: { readonly waits: number; readonly waitedMs: number },
): number | undefined {
  // Those lines have been waited in.
  if (services.lines !== undefined || so.waits >= WAITS_MAX) return undefined;
  const { firstContentMs, dedicatedFirstContentMs } = job.call.modelConfig.deadlines;
  const { waitShareMax } = services.config.lanes;
  const share = Math.min(WAIT_SHARE_MAX, waitShareMax);
  const budgetMs = Math.min(firstContentMs, dedicatedFirstContentMs) * share;
  const leftMs = Math.min(budgetMs - so.waitedMs, remainingMs(services, job));
  if (leftMs <= 0) return undefined;
  return Math.min(leftMs, (services.random.next() * budgetMs) / WAITS_MAX);
}
