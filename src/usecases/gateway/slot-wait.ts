import type { Decision } from '#core/decide/decision.ts';
import { remainingMs } from './decide.ts';
import type { Run } from './job.ts';
import type { Progress } from './progress.ts';
import { ALONE_SHARE_MAX } from './spill-patience.ts';

/** A request that waits holds a whole environment where each serves one: it asks again so often, no more. */
const WAITS_MAX = 2;

/**
 * How long to wait before full targets are asked again: by chance up to half of a share of the time to the first
 * content, so that those who were turned away together do not come back together. Undefined when it has waited enough.
 */
function slotWait(
  { services, job }: Run,
  so: { readonly waits: number; readonly waitedMs: number },
): number | undefined {
  // Those lines have been waited in.
  if (services.lines !== undefined || so.waits >= WAITS_MAX) return undefined;
  const { firstContentMs, dedicatedFirstContentMs } = job.call.modelConfig.deadlines;
  const { waitShareMax } = services.config.lanes;
  const share = Math.min(ALONE_SHARE_MAX, waitShareMax);
  const budgetMs = Math.min(firstContentMs, dedicatedFirstContentMs) * share;
  const leftMs = Math.min(budgetMs - so.waitedMs, remainingMs(services, job));
  if (leftMs <= 0) return undefined;
  return Math.min(leftMs, (services.random.next() * budgetMs) / WAITS_MAX);
}

/**
 * What goes on when nobody is left: where a target lacks only a slot, all such targets are asked once more, after a
 * wait where they are truly full. Undefined where there is nothing to wait for, or no time for it.
 */
export async function waitForSlot(
  run: Run,
  decision: Decision,
  progress: Progress,
): Promise<Progress | 'left' | undefined> {
  if (decision.kind === 'routed' || decision.slotSoon !== true) return undefined;
  const { learned, log, waits } = progress;
  const again = { ...progress, learned: { ...learned, full: undefined, lastResort: true } };
  // So far somebody else might have answered: a target that was full was not asked, or asked to have room to spare.
  if (learned.lastResort !== true) return again;
  const { clock } = run.services;
  const waitMs = slotWait(run, { waits, waitedMs: log.slotWaitMs });
  if (waitMs === undefined) return undefined;
  const startedMs = clock.monotonicMs();
  try {
    await clock.sleep(waitMs, run.job.arrival.request.signal);
  } catch {
    return 'left';
  }
  const slotWaitMs = log.slotWaitMs + clock.monotonicMs() - startedMs;
  return { ...again, log: { ...log, slotWaitMs }, waits: waits + 1 };
}
