/**
 * The nightly run of the simulator's swarm: as many seeds as asked for over the example, then every planted bug, which the
 * judges must find. `npm run swarm [seeds] [first]`; 1,000 seeds where nothing is asked. Ends with 1 where a judge objects or
 * too many bugs go unfound.
 */
import { performance } from 'node:perf_hooks';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { drawScenario } from '#simulator/swarm/draw-scenario.ts';
import { runSwarm } from '#simulator/swarm/run-swarm.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { swarmWith } from '#test/mutants/mutant-runner.ts';
import { type PlantedBug, plantedBugs } from '#test/mutants/planted-bugs.ts';
import { swarmExitCodes } from '#test/mutants/proof-exit-codes.ts';

const [count = '1000', first = '1'] = process.argv.slice(2);
/** Seeds that a bug may hide from. */
const BUG_SEEDS = '40';
const FOUND_SHARE_MIN = 0.95;
/** Bugs that are looked for at a time. */
const BUGS_AT_ONCE = 2;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function runSeeds(): Promise<boolean> {
  const config = acmeConfig();
  const parts = { config, facts: shippedFacts(), digest: cryptoDigest };
  const begunMs = performance.now();
  const failed: string[] = [];
  let requests = 0;
  let virtualSeconds = 0;
  for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
    const run = await runSwarm(parts, drawScenario(String(seed), config));
    requests += run.requests;
    virtualSeconds += run.virtualSeconds;
    const [violation] = run.violations;
    if (violation === undefined) continue;
    failed.push(String(seed));
    say(`seed ${seed}: ${violation.judge}: ${violation.what}`);
    say(`  npx spillway simulate swarm --seed ${seed} --config examples/acme.config.ts`);
  }
  const seconds = (performance.now() - begunMs) / 1000;
  say(
    `${count} seeds in ${seconds.toFixed(0)} s: ${requests} requests, ${(virtualSeconds / 3600).toFixed(0)} virtual hours, ${Math.round(virtualSeconds / seconds)} x real time, ${failed.length} failed`,
  );
  return failed.length === 0;
}

async function findBugs(): Promise<boolean> {
  const queue = [...plantedBugs];
  const missed: PlantedBug[] = [];
  const look = async (): Promise<void> => {
    for (let bug = queue.shift(); bug !== undefined; bug = queue.shift()) {
      const begunMs = performance.now();
      const { exitCode, stdout, stderr } = await swarmWith(bug, ['bugs', BUG_SEEDS]);
      const found = exitCode === swarmExitCodes.safety || exitCode === swarmExitCodes.liveness;
      if (!found) missed.push(bug);
      const seconds = ((performance.now() - begunMs) / 1000).toFixed(1);
      say(
        `${found ? 'found' : 'MISSED'}  ${seconds} s  ${bug.name}: ${found ? stdout.trim() : stderr || bug.breaks}`,
      );
    }
  };
  await Promise.all(Array.from({ length: BUGS_AT_ONCE }, look));
  const found = plantedBugs.length - missed.length;
  say(`${found} of ${plantedBugs.length} planted bugs found`);
  return found >= FOUND_SHARE_MIN * plantedBugs.length;
}

const held = await runSeeds();
const found = await findBugs();
process.exitCode = held && found ? 0 : 1;
