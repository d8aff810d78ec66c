/**
 * Chains of five calls at 80 % of what the dedicated endpoints bear, in threefold bursts, over real sockets: endpoints
 * for each model that spill to serverless, beside one pool of all models that costs the same.
 * `node bench/chains.ts [chains] [slots] [timeScale]`
 */
import {
  arrivalsOf,
  type CallResult,
  type ChainResult,
  quantile,
  runChains,
} from '#test/builders/chain-load.ts';
import { openChainWorld } from '#test/builders/chain-world.ts';

const [chains = 340, slots = 8, timeScale = 1] = process.argv.slice(2).map(Number);
/** Real seconds of one burst. */
const BURST_SECONDS = 10;
const LOAD = 0.8;
/**
 * What a second of a serverless model's work costs, in seconds of a dedicated slot that is paid for whether or not it
 * is used: as much as on an endpoint that is 80 % full, which is what the verdict is of, and well above it.
 */
const SERVERLESS_PRICES = [1 / LOAD, 2] as const;
const ANY_COLD_MAX = 0.01;
const P95_RATIO_MAX = 0.5;

const world = await openChainWorld({ slots, timeScale });
const seconds = (milliseconds: number): string => (milliseconds / timeScale / 1000).toFixed(2);
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
let misses = 0;

function verdict(what: string, isHeld: boolean): void {
  if (!isHeld) misses += 1;
  console.log(`${isHeld ? 'held  ' : 'MISSED'} ${what}`);
}

const callsOf = (results: readonly ChainResult[]): readonly CallResult[] =>
  results.flatMap(({ calls }) => calls);
const failuresIn = (results: readonly ChainResult[]): number =>
  callsOf(results).filter(({ status }) => status !== 200).length;

function show(name: string, results: readonly ChainResult[]): number {
  const times = results.map(({ durationMs }) => durationMs);
  const embeds = callsOf(results).filter(({ model }) => model === 'embed');
  const p95 = quantile(times, 0.95);
  console.log(
    `${name}: chain p50 ${seconds(quantile(times, 0.5))} s, p95 ${seconds(p95)} s, p99 ${seconds(quantile(times, 0.99))} s;` +
      ` embedding p95 ${seconds(
        quantile(
          embeds.map(({ durationMs }) => durationMs),
          0.95,
        ),
      )} s; failed calls ${failuresIn(results)}`,
  );
  return p95;
}

try {
  const apart = await world.openGateway('apart');
  // Users far apart, so that nobody shares a batch: a first run warms the code, a second one is measured.
  const alone = Array.from({ length: 12 }, (_, index) => index * 1_500 * timeScale);
  await runChains(apart.url, alone);
  const calm = callsOf(await runChains(apart.url, alone)).filter(({ model }) => model !== 'embed');
  const chatMs = calm.reduce((sum, { durationMs }) => sum + durationMs, 0) / calm.length;
  const plan = {
    seed: 1,
    chains,
    chainsPerSecond: (LOAD * slots) / (2 * (chatMs / 1000)),
    burstSeconds: BURST_SECONDS * timeScale,
  };
  const arrivals = arrivalsOf(plan);
  console.log(
    `${chains} chains of 5 calls in ${seconds(arrivals.at(-1) ?? 0)} s, 2 × ${slots} slots, time × ${timeScale}; a chat call alone takes ${seconds(chatMs)} s`,
  );
  console.log('All times are those of the engine, before scaling.\n');
  await world.takeJournal();
  apart.records.length = 0;
  const spilling = await runChains(apart.url, arrivals);
  const spilledMs = callsOf(spilling)
    .filter(({ tier, model }) => tier !== 'dedicated' && model !== 'embed')
    .reduce((sum, { durationMs }) => sum + durationMs, 0);
  const spilledSlots = spilledMs / (arrivals.at(-1) ?? 1);
  const linked = apart.records.flatMap(({ chain }) => (chain === undefined ? [] : [chain]));
  const begun = linked.filter(({ isFirst }) => isFirst).length;
  const coldShare = linked.filter(({ turnedCold }) => turnedCold).length / begun;
  const apartP95 = show('apart  ', spilling);
  const spilledShare = apart.records.filter(({ spilled }) => spilled).length / apart.records.length;
  console.log(
    `         spilled ${percent(spilledShare)} of the calls, ${spilledSlots.toFixed(1)} slots of work on average; fan-out ${(linked.length / begun).toFixed(2)}, any-cold ${percent(coldShare)}`,
  );

  const uniformP95s: number[] = [];
  for (const price of SERVERLESS_PRICES) {
    const uniformSlots = Math.ceil(world.slots + price * spilledSlots);
    const uniform = await world.openGateway({ uniformSlots });
    await runChains(uniform.url, alone);
    uniformP95s.push(show('uniform', await runChains(uniform.url, arrivals)));
    console.log(
      `         ${uniformSlots} slots for all: the ${world.slots} and ${price} for each slot of work that was spilled; p95 apart is ${percent(1 - apartP95 / (uniformP95s.at(-1) ?? 0))} below`,
    );
  }
  const [uniformP95 = 0] = uniformP95s;
  console.log('');
  const calmer = await world.openGateway('apart');
  await world.takeJournal();
  const killed = await runChains(calmer.url, arrivals.slice(0, chains / 2), () =>
    world.setCopies('write', 0),
  );
  show('killed ', killed);
  const journal = await world.takeJournal();
  const refused = journal.filter(({ status }) => status >= 400).length;
  const regions = [...new Set(journal.map(({ region }) => region))].sort().join(', ');
  console.log(
    `         ${journal.length} calls arrived, ${refused} found no copy, in ${regions}; ${callsOf(killed).length} were asked\n`,
  );
  verdict(`any-cold ${percent(coldShare)}, at most ${percent(ANY_COLD_MAX)}`, coldShare <= ANY_COLD_MAX);
  verdict(
    `p95 of a chain ${percent(1 - apartP95 / uniformP95)} below one pool of the same cost, at least ${percent(1 - P95_RATIO_MAX)}`,
    apartP95 <= P95_RATIO_MAX * uniformP95,
  );
  verdict(`no failed call (${failuresIn(spilling)})`, failuresIn(spilling) === 0);
  verdict(`no failed call after the kill (${failuresIn(killed)})`, failuresIn(killed) === 0);
  process.exitCode = misses === 0 ? 0 : 1;
} finally {
  await world.close();
}
