import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepLeast } from '#cli/simulate/keep-least.ts';
import type { SwarmScenario } from '#contract/swarm-scenario.ts';
import { aScenario, aSwarmRun, aViolation } from '#test/builders/a-swarm-run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-least-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('keeps the least that fails before the same judge, under the name of its seed', async () => {
  const run = async ({ faults }: SwarmScenario) =>
    aSwarmRun({
      violations: faults.some(({ kind }) => kind === 'planted')
        ? [aViolation('residency')]
        : [aViolation('rest')],
      violationCount: 1,
    });
  const options = aScenario({ seed: 'a/b 7' });
  const least = await keepLeast({ options, run: await run(options) }, { folder, run });
  expect(least.file).toBe('swarm-a_b_7.json');
  expect(least.options.faults.map(({ kind }) => kind)).toEqual(['planted']);
  expect(least.run.violations[0]?.judge).toBe('residency');
  expect(JSON.parse(await readFile(join(folder, least.file), 'utf8'))).toEqual(least.options);
});
