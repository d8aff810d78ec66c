/**
 * The swarm of the simulator as a program that mutants are bundled into.
 *
 *     node test/mutants/prove-swarm.ts <name> <seeds> [first]
 *
 * Its seeds are `<name>-<number>`, counted from `first` (0).
 *
 * Stops at the first violation and prints it as one line of JSON. Ends with one of `swarmExitCodes`; any other code says
 * that the program itself failed.
 */
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { drawScenario } from '#simulator/swarm/draw-scenario.ts';
import { runSwarm } from '#simulator/swarm/run-swarm.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { swarmExitCodes } from './proof-exit-codes.ts';

const [name = '', seeds = '', first = '0'] = process.argv.slice(2);
const config = acmeConfig();
const parts = { config, facts: shippedFacts(), digest: cryptoDigest };

interface Found {
  readonly kind: keyof typeof swarmExitCodes;
  readonly seed?: string;
  readonly judge?: string;
  readonly what?: string;
}

async function prove(): Promise<Found> {
  for (let index = 0; index < Number(seeds); index += 1) {
    const seed = `${name}-${Number(first) + index}`;
    const options = drawScenario(seed, config);
    const run = await runSwarm(parts, options);
    const [violation] = run.violations;
    if (violation !== undefined) {
      const { judge, phase, what } = violation;
      return { kind: phase, seed, judge, what };
    }
    // Once is enough: what makes one run go two ways makes every run do so.
    if (index > 0) continue;
    const again = await runSwarm(parts, options);
    if (again.fingerprint !== run.fingerprint) return { kind: 'safety', seed, judge: 'determinism' };
  }
  return { kind: 'held' };
}

const found = await prove();
process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit(swarmExitCodes[found.kind]));
