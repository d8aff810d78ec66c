/**
 * Chains of five calls at 80 % of what dedicated endpoints bear, in threefold bursts, over real sockets, in scaled time,
 * from endpoints that sleep: one endpoint for each model, spilling to serverless ones, beside one pool of all models that
 * costs the same. `node bench/chains.ts [busySeconds] [slots] [timeScale]`
 */
import { apart, slotsOf, uniform } from '#test/builders/chain-layout.ts';
import { arrivalsOf, type ChainResult, withQuietTimes } from '#test/builders/chain-load.ts';
import { anyColdByChance, compoundColdStart, WAKE_SECONDS } from './chains/cold-starts.ts';
import { runLoad, spilledSlotSeconds } from './chains/load.ts';
import { JUDGED_RATIO, PUBLISHED, SHOWN_RATIOS } from './chains/prices.ts';
import {
  createVerdicts,
  drawTable,
  failuresIn,
  medianChatMs,
  p95Of,
  percent,
  type Row,
  seconds,
} from './chains/report.ts';

/** Traffic comes in two stretches of so many seconds; between them everything falls asleep. */
const [busySeconds = 1200, slots = 8, timeScale = 0.1] = process.argv.slice(2).map(Number);
/**
 * From here on in each stretch what slept is awake and as many as the traffic asks for: both endpoints wake in 303 s, and
 * their second copies come 258 s after. What is asked of 80 % of dedicated load can be asked only of endpoints that serve.
 */
const STEADY_FROM_SECONDS = 600;
/** Longer than the 900 s after which copies are let go. */
const QUIET_SECONDS = 1000;
const LOAD = 0.8;
/** Of a chat call among as many as an endpoint is meant to have. */
const CHAT_SECONDS = 4.4;
const BURST_SECONDS = 60;
const ASK_AGAIN_MS = 3_600_000;

/** Nobody waits in the endpoints apart: a chat that takes longer there waited for the machine that runs all this. */
const CHAT_SECONDS_MAX = 5;
const ANY_COLD_MAX = 0.01;
/** In the pool that sleeps: far from what is asked of the other, so that there is something to avoid. */
const POOL_COLD_MIN = 0.1;
const P95_RATIO_MAX = 0.5;

const chainsPerSecond = (LOAD * slots) / (2 * CHAT_SECONDS);
const chains = Math.round(2 * busySeconds * chainsPerSecond);
const busy = arrivalsOf({ seed: 1, chains, chainsPerSecond, burstSeconds: BURST_SECONDS });
const withNight = withQuietTimes(busy, { busyMs: 1000 * busySeconds, quietMs: 1000 * QUIET_SECONDS });
const firstStretch = busy.slice(0, chains / 2);
const steadySeconds = busySeconds - STEADY_FROM_SECONDS;
const isSteady = (_: unknown, index: number): boolean =>
  (busy[index] ?? 0) % (1000 * busySeconds) >= 1000 * STEADY_FROM_SECONDS;
const rows: Row[] = [];
const verdicts = createVerdicts();
const startedMs = performance.now();

console.log(
  `${chains} chains of 5 calls in 2 × ${busySeconds} s with ${QUIET_SECONDS} s of quiet between, 2 × ${slots} slots, time × ${timeScale}.`,
);
console.log('All times are those of the engines, before scaling, where nothing else is said.\n');

const busyMs = 1000 * busySeconds;
const againMs = busyMs + 1000 * QUIET_SECONDS;
const spilling = await runLoad({
  ...{ name: 'apart', timeScale, arrivals: withNight },
  paidStretches: [
    [1000 * STEADY_FROM_SECONDS, busyMs],
    [againMs + 1000 * STEADY_FROM_SECONDS, againMs + busyMs],
  ],
  layout: apart({ slots, copies: 0 }),
});
const apartSlots = slotsOf(apart({ slots, copies: 0 }));
rows.push({
  ...{ name: 'an endpoint for each model, that spill', slots: `0 to ${apartSlots}` },
  ...{ results: spilling.results, cold: spilling.verdict.cold.size },
});
const allCalls = spilling.results.flatMap(({ calls }) => calls);
const spilledShare = allCalls.filter(({ tier }) => tier !== 'dedicated').length / allCalls.length;

const steady = spilling.results.filter(isSteady);
const paidSlots = spilling.paidSlotSeconds / (2 * steadySeconds);
const spilledSlots = spilledSlotSeconds(steady) / (2 * steadySeconds);
/** As many slots as the same money buys in those parts of the stretches. */
const equalSlots = (ratio: number): number => Math.ceil(paidSlots + ratio * spilledSlots);
const share = (ours: readonly ChainResult[], theirs: readonly ChainResult[]): number =>
  p95Of(ours) / p95Of(theirs);

async function runPool(
  pool: { readonly slots: number; readonly sleeps: boolean },
  arrivals: readonly number[],
) {
  const name = `one pool ${pool.sleeps ? 'that sleeps as they do' : 'that never sleeps'}`;
  const layout = uniform({ ...pool, slotsPerCopy: slots });
  const { results, verdict } = await runLoad({ name, layout, timeScale, arrivals, askAgainMs: ASK_AGAIN_MS });
  rows.push({ name, slots: String(pool.slots), results, cold: verdict.cold.size });
  return { results, coldShare: verdict.cold.size / results.length };
}

const judgedSlots = equalSlots(JUDGED_RATIO);
const awake = await runPool({ slots: judgedSlots, sleeps: false }, busy);
const asleep = await runPool({ slots: judgedSlots, sleeps: true }, firstStretch);
const curve: string[] = [];
const firstSteady = spilling.results.slice(0, firstStretch.length).filter(isSteady);
for (const ratio of SHOWN_RATIOS) {
  const pool = await runPool({ slots: equalSlots(ratio), sleeps: false }, firstStretch);
  const below = percent(1 - share(firstSteady, pool.results.filter(isSteady)));
  curve.push(`${ratio}: ${equalSlots(ratio)} slots, ${below} below`);
}

let killedAt = '';
const killed = await runLoad({
  ...{ name: 'killed', timeScale, arrivals: firstStretch },
  layout: apart({ slots, copies: 2 }),
  onHalf: async (world) => {
    await world.kill('write');
    killedAt = new Date().toISOString();
  },
});
rows.push({
  ...{ name: 'apart, one endpoint killed in the middle', slots: String(apartSlots) },
  ...{ results: killed.results, cold: killed.verdict.cold.size },
});

console.log('… cold starts one after the other, together, and by chance');
const cold = { repeats: 3, timeScale };
const [apartMs, togetherMs] = await Promise.all([
  compoundColdStart(false, cold),
  compoundColdStart(true, cold),
]);
const dice = { sleepingShare: 0.2, models: 5, chains: 200, timeScale: timeScale / 10 };
const byChance = await anyColdByChance(dice);
const foretold = 1 - (1 - dice.sleepingShare) ** dice.models;

console.log(`\n${drawTable(rows)}\n`);
console.log(
  `apart: ${percent(spilledShare)} of the calls spilled; once all is awake ${spilledSlots.toFixed(1)} slots of work, beside ${paidSlots.toFixed(1)} slots of endpoints that were paid for`,
);
console.log(
  `price of spilled work, in dedicated slots at full load: ${PUBLISHED.map(({ ratio, of }) => `${ratio.toFixed(2)} ${of}`).join('; ')}`,
);
console.log(`first stretch once all is awake, p95 apart, with spilled work at ${curve.join('; at ')}`);
console.log(
  `killed: at ${killedAt}; ${killed.verdict.refused} calls found no copy, in ${killed.verdict.regions.join(', ')}`,
);
console.log(
  `three models that wake in ${WAKE_SECONDS.join(', ')} s: ${seconds(apartMs)} s one after the other, ${seconds(togetherMs)} s woken together`,
);
console.log(
  `any of ${dice.models} models cold where each sleeps with ${percent(dice.sleepingShare)}: ${percent(byChance)}, by the formula ${percent(foretold)}\n`,
);

console.log(
  `with the waking, p95 apart ${percent(1 - share(spilling.results, awake.results))} below that pool, which is always awake and is not charged for it\n`,
);
const coldShare = spilling.verdict.cold.size / chains;
const { judge } = verdicts;
const chatSeconds = medianChatMs(spilling.results) / 1000;
judge(
  `the machine keeps up: half of the chats apart take at most ${chatSeconds.toFixed(2)} s, of ${CHAT_SECONDS_MAX} s`,
  chatSeconds <= CHAT_SECONDS_MAX,
);
judge(`any cold ${percent(coldShare)}, at most ${percent(ANY_COLD_MAX)}`, coldShare <= ANY_COLD_MAX);
judge(
  `any cold in the pool that sleeps ${percent(asleep.coldShare)}, at least ${percent(POOL_COLD_MIN)}`,
  asleep.coldShare >= POOL_COLD_MIN,
);
const judged = share(steady, awake.results.filter(isSteady));
judge(
  `p95 once all is awake ${percent(1 - judged)} below the pool that never sleeps, of ${judgedSlots} slots (spilled work at ${JUDGED_RATIO.toFixed(2)}), at least ${percent(1 - P95_RATIO_MAX)}`,
  judged <= P95_RATIO_MAX,
);
judge(`no failed call (${failuresIn(spilling.results)})`, failuresIn(spilling.results) === 0);
judge(`no failed call after the kill (${failuresIn(killed.results)})`, failuresIn(killed.results) === 0);
judge(
  `five answers in the journal for each of ${killed.results.length} chains (${killed.verdict.whole.size}), all lawful`,
  killed.verdict.whole.size === killed.results.length &&
    killed.verdict.regions.every((region) => region.startsWith('us-')),
);
judge(
  `woken together in at most half the time (${percent(togetherMs / apartMs)})`,
  togetherMs <= apartMs / 2,
);
judge(`any cold by chance within 10 points of the formula`, Math.abs(byChance - foretold) <= 0.1);
console.log(`\n${seconds(performance.now() - startedMs)} s of the machine`);
process.exitCode = verdicts.misses() === 0 ? 0 : 1;
