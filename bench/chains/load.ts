/** The same chains before endpoints for each model, or one pool for all: what came of them, and what it cost. */
import { type JournalVerdict, judgeJournal } from '#test/builders/chain-journal.ts';
import type { ChainLayout } from '#test/builders/chain-layout.ts';
import { type ChainResult, type ChainRun, runChains } from '#test/builders/chain-load.ts';
import { type ChainWorld, openChainWorld } from '#test/builders/chain-world.ts';
import { progressOf } from './report.ts';

export interface LoadRun {
  readonly name: string;
  readonly layout: ChainLayout;
  readonly timeScale: number;
  readonly arrivals: readonly number[];
  /** Stretches in which the cost is counted, in milliseconds of the run. @default - none is */
  readonly paidStretches?: readonly (readonly [fromMs: number, untilMs: number])[];
  readonly askAgainMs?: number;
  readonly onHalf?: (world: ChainWorld) => Promise<void>;
}

export interface LoadResult {
  readonly results: readonly ChainResult[];
  readonly verdict: JournalVerdict;
  /** Slots of endpoints that were paid for × seconds, in the stretches that were asked for. */
  readonly paidSlotSeconds: number;
}

export async function runLoad(run: LoadRun): Promise<LoadResult> {
  const { name, layout, timeScale, arrivals, onHalf, askAgainMs = 0, paidStretches = [] } = run;
  const world = await openChainWorld(layout, timeScale);
  try {
    await warmUp(world);
    const paying = Promise.all(paidStretches.map((stretch) => paidWithin(world, layout, stretch)));
    const chainRun: ChainRun = {
      ...{ url: world.url, timeScale, arrivals, askAgainMs },
      onProgress: progressOf(name, arrivals.length),
      ...(onHalf === undefined ? {} : { onHalf: () => onHalf(world) }),
    };
    const results = await runChains(chainRun);
    const paid = await paying;
    return {
      results,
      verdict: judgeJournal(results, await world.takeJournal()),
      paidSlotSeconds: paid.reduce((sum, slotSeconds) => sum + slotSeconds, 0),
    };
  } finally {
    await world.close();
  }
}

/** A first call of each kind compiles what all others run; where everything sleeps it would wake it. */
async function warmUp(world: ChainWorld): Promise<void> {
  await fetch(`${world.url}/v1/models`, { headers: { authorization: 'Bearer sk-local' } });
}

async function paidWithin(
  world: ChainWorld,
  layout: ChainLayout,
  [fromMs, untilMs]: readonly [number, number],
): Promise<number> {
  await world.clock.sleep(fromMs);
  const before = await paidSlotSeconds(world, layout);
  await world.clock.sleep(untilMs - fromMs);
  return (await paidSlotSeconds(world, layout)) - before;
}

async function paidSlotSeconds(world: ChainWorld, { endpoints }: ChainLayout): Promise<number> {
  const slots = new Map(endpoints.map(({ name, slotsPerCopy }) => [name, slotsPerCopy]));
  return (await world.scaled()).reduce(
    (sum, { endpoint, paidCopySeconds }) => sum + paidCopySeconds * (slots.get(endpoint) ?? 0),
    0,
  );
}

/** Work of serverless models × seconds. */
export const spilledSlotSeconds = (results: readonly ChainResult[]): number =>
  results
    .flatMap(({ calls }) => calls)
    .filter(({ tier }) => tier !== null && tier !== 'dedicated')
    .reduce((sum, { durationMs }) => sum + durationMs / 1000, 0);
