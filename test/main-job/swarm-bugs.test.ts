/** The judges of the simulator are worth what they find: each bug that is planted into the shipped code must be found by them. */
import { describe, expect, it } from 'vitest';
import { swarmWith } from '#test/mutants/mutant-runner.ts';
import { plantedBugs } from '#test/mutants/planted-bugs.ts';
import { swarmExitCodes } from '#test/mutants/proof-exit-codes.ts';

/** Those that the issue of the simulator names; all of them are planted by `npm run swarm`. */
const namedBugs = new Map([
  ['residency-filter-keeps-all', 'safety'],
  ['lease-kept-on-failure', 'safety'],
  ['ledger-grants-one-more', 'safety'],
  ['ejected-for-ever', 'liveness'],
] as const);
const SEEDS = '30';

describe('the swarm', { timeout: 150_000 }, () => {
  it('has at least forty bugs to find, each with a name of its own and a sentence', () => {
    expect(plantedBugs.length).toBeGreaterThanOrEqual(40);
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
    for (const { breaks, name } of plantedBugs) expect(breaks, name).toMatch(/^[A-Z].{15,}\.$/);
  });

  it.concurrent.each([...namedBugs])('finds %s', async (name, phase) => {
    const bug = plantedBugs.find((each) => each.name === name);
    const { exitCode, stdout, stderr } = await swarmWith(bug, ['bugs', SEEDS]);
    expect(exitCode, `${bug?.breaks}\n${stdout}\n${stderr}`).toBe(swarmExitCodes[phase]);
  });
});
