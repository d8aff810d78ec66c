/** What sleeping models cost a chain that nobody else may answer: one after the other, together, and by chance. */
import { createSeededRandom } from '#core/units/random.ts';
import { judgeJournal } from '#test/builders/chain-journal.ts';
import type { ChainEndpoint, ChainLayout } from '#test/builders/chain-layout.ts';
import { type ChainResult, quantile, runChains } from '#test/builders/chain-load.ts';
import { openChainWorld } from '#test/builders/chain-world.ts';

/** Three models that were reported to take 180 s one after the other, and 65 s when they were woken together. */
export const WAKE_SECONDS: readonly number[] = [55, 60, 65];
const ASK_AGAIN_MS = 1_200_000;
/** As many as a beginning must be seen before it foretells anything. */
const CHAINS_TO_LEARN = 4;

/** A chat model on each of as many endpoints, and nobody else to ask. */
function sleepers(wakeSeconds: readonly number[], preWarm: boolean, discoverSeconds: number): ChainLayout {
  const endpoints = wakeSeconds.map(
    (seconds, index): ChainEndpoint => ({
      name: `step-${index + 1}`,
      copies: 1,
      slotsPerCopy: 8,
      scaling: {
        ...{ copiesMin: 0, copiesMax: 1, targetConcurrencyPerCopy: 6 },
        wakeSeconds: seconds,
        scaleInSeconds: 86_400,
      },
    }),
  );
  const models = endpoints.map(
    ({ name }) => [name, { kind: 'chat', endpoint: name, serverless: [] }] as const,
  );
  return {
    endpoints,
    models: Object.fromEntries(models),
    limits: true,
    patient: true,
    preWarm,
    discoverSeconds,
  };
}

const copiesOf = ({ endpoints }: ChainLayout, copies: (index: number) => number): Record<string, number> =>
  Object.fromEntries(endpoints.map(({ name }, index) => [name, copies(index)]));

/** Median milliseconds that a chain over sleeping models took longer than one over models that are awake. */
export async function compoundColdStart(
  preWarm: boolean,
  { repeats, timeScale }: { readonly repeats: number; readonly timeScale: number },
): Promise<number> {
  const layout = sleepers(WAKE_SECONDS, preWarm, 10);
  const models = Object.keys(layout.models);
  const world = await openChainWorld(layout, timeScale);
  const run = { url: world.url, timeScale, models, askAgainMs: ASK_AGAIN_MS };
  try {
    const learning = Array.from({ length: CHAINS_TO_LEARN }, (_, index) => index * 1000);
    const warm = await runChains({ ...run, arrivals: learning });
    const cold: ChainResult[] = [];
    for (let count = 0; count < repeats; count += 1) {
      await world.setCopies(copiesOf(layout, () => 0));
      await world.discover();
      // A target that woke is believed to be awake for two minutes, and asked to wake once in one.
      await world.clock.sleep(121_000);
      cold.push(...(await runChains({ ...run, arrivals: [0] })));
    }
    return median(cold) - median(warm);
  } finally {
    await world.close();
  }
}

/**
 * Share of chains over so many models that met a cold one, by the journal, where each sleeps by a throw of the dice and
 * the gateway knows nothing of it.
 */
export async function anyColdByChance(asked: {
  readonly sleepingShare: number;
  readonly models: number;
  readonly chains: number;
  readonly timeScale: number;
}): Promise<number> {
  const { sleepingShare, models, chains, timeScale } = asked;
  const layout = sleepers(Array(models).fill(1), false, 86_400);
  const random = createSeededRandom(6);
  const world = await openChainWorld(layout, timeScale);
  const run = { url: world.url, timeScale, models: Object.keys(layout.models), askAgainMs: ASK_AGAIN_MS };
  // How long an answer is changes nothing here.
  const asking = { ...run, outputTokens: 8, arrivals: [0] };
  const results: ChainResult[] = [];
  try {
    for (let count = 0; count < chains; count += 1) {
      await world.setCopies(copiesOf(layout, () => (random.next() < sleepingShare ? 0 : 1)));
      results.push(...(await runChains(asking)));
    }
    return judgeJournal(results, await world.takeJournal()).cold.size / results.length;
  } finally {
    await world.close();
  }
}

const median = (results: readonly ChainResult[]): number =>
  quantile(
    results.map(({ durationMs }) => durationMs),
    0.5,
  );
