/**
 * Random runs of the shared capacity ledgers over a real DynamoDB engine, through AWS's own client: crashes, wrong clocks,
 * and a network that loses, repeats, delays and refuses. A few dozen are a test; this makes as many as are asked for.
 *
 *     node bench/capacity-schedules.ts                              10,000 of each ledger: about an hour
 *     node bench/capacity-schedules.ts --ledger blocks --runs 500
 *     node bench/capacity-schedules.ts --engine dynalite --from 500
 *
 * Exits with 1 at the first run in which a slot was lent twice or lost, with its seed.
 */
import { parseArgs } from 'node:util';
import { runSchedule } from '#test/builders/capacity-schedule.ts';
import { dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { EngineNetwork } from '#test/builders/engine-network.ts';
import { networkedBlocksRig, networkedPagesRig } from '#test/builders/engine-rigs.ts';
import { RENEWED_MS_MIN } from '#usecases/capacity/held-block.ts';

/** A fresh engine each time: one that keeps the pages of thousands of runs becomes slow. */
const RUNS_AN_ENGINE = 500;

const { values } = parseArgs({
  options: {
    ledger: { type: 'string' },
    engine: { type: 'string', default: 'dynoxide' },
    runs: { type: 'string', default: '10000' },
    from: { type: 'string', default: '0' },
  },
});
const engine = dynamodbEngines.find(({ name }) => name === values.engine);
if (engine === undefined || engine.skip !== undefined)
  throw new Error(`--engine ${values.engine}: ${engine?.skip ?? 'must be dynoxide or dynalite'}`);
const ledgers = {
  pages: { rig: networkedPagesRig, renewedMs: undefined },
  blocks: { rig: networkedBlocksRig, renewedMs: RENEWED_MS_MIN },
};
for (const [name, ledger] of Object.entries(ledgers))
  if (values.ledger === undefined || values.ledger === name) await runAll(name, ledger);

async function runAll(name: string, { rig, renewedMs }: (typeof ledgers)['pages' | 'blocks']): Promise<void> {
  const [from, runs] = [Number(values.from), Number(values.runs)];
  const startedMs = performance.now();
  const total = { granted: 0, full: 0, unknown: 0, crashes: 0 };
  for (let first = from; first < from + runs; first += RUNS_AN_ENGINE) {
    const network = await EngineNetwork.open(await (engine as typeof engine & object).start());
    for (let seed = first; seed < Math.min(first + RUNS_AN_ENGINE, from + runs); seed += 1) {
      const mood = seed % 3 === 0 ? 'calm' : 'rough';
      const verdict = await runSchedule({ seed, mood, hasNetwork: true, rig: rig(network), renewedMs });
      for (const count of Object.keys(total) as (keyof typeof total)[]) total[count] += verdict[count];
      if (verdict.complaints.length === 0) continue;
      console.log(`${name} on ${values.engine}: ${verdict.complaints.join('; ')}`);
      await network.close();
      process.exit(1);
    }
    await network.close();
    console.error(`${name}: ${Math.min(first + RUNS_AN_ENGINE, from + runs) - from} of ${runs} runs`);
  }
  const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1);
  const counts = Object.entries(total).map(([what, count]) => `${count.toLocaleString('en')} ${what}`);
  console.log(
    `${name} on ${values.engine}: ${runs} runs, none wrong, in ${minutes} minutes (${counts.join(', ')})`,
  );
}
