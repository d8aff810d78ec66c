/** The judges of the simulator are worth what they find: each bug that is planted into the shipped code must be found by them. */
import { describe, expect, it } from 'vitest';
import { swarmWith } from '#test/mutants/mutant-runner.ts';
import { plantedBugs } from '#test/mutants/planted-bugs.ts';
import { swarmExitCodes } from '#test/mutants/proof-exit-codes.ts';

/** One of each kind, with a seed that shows it; `npm run swarm` plants all of them. */
const shownBugs = [
  ['residency-filter-keeps-all', 'safety', '8'],
  ['lease-kept-on-failure', 'liveness', '1'],
  ['slots-not-leased', 'safety', '4'],
] as const;

describe('the swarm', { timeout: 150_000 }, () => {
  it('has at least forty bugs to find, each with a name of its own and a sentence', () => {
    expect(plantedBugs.length).toBeGreaterThanOrEqual(40);
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
    for (const { breaks, name } of plantedBugs) expect(breaks, name).toMatch(/^[A-Z].{15,}\.$/);
  });

  it.each(shownBugs)('finds %s', async (name, phase, seed) => {
    const bug = plantedBugs.find((each) => each.name === name);
    const { exitCode, stdout, stderr } = await swarmWith(bug, ['bugs', '1', seed]);
    expect(exitCode, `${bug?.breaks}\n${stdout}\n${stderr}`).toBe(swarmExitCodes[phase]);
  });
});
