import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SwarmScenario } from '#contract/swarm-scenario.ts';
import type { SwarmRun } from '#simulator/swarm/run-swarm.ts';
import { shrinkScenario } from '#simulator/swarm/shrink-scenario.ts';

/** Runs that finding the smallest failing scenario may take. */
const SHRINK_RUNS_MAX = 40;

/** One run, and what was drawn for it. */
export interface JudgedRun {
  readonly options: SwarmScenario;
  readonly run: SwarmRun;
}

/** What of a failed run is enough to fail before the same judge, kept in a file of the folder. */
export async function keepLeast(
  failed: JudgedRun,
  { folder, run }: { readonly folder: string; readonly run: (options: SwarmScenario) => Promise<SwarmRun> },
): Promise<JudgedRun & { readonly file: string }> {
  const judge = failed.run.violations[0]?.judge;
  const failsAlike = async (options: SwarmScenario) =>
    (await run(options)).violations.some((violation) => violation.judge === judge);
  const options = await shrinkScenario(failed.options, failsAlike, SHRINK_RUNS_MAX);
  const file = `swarm-${options.seed.replaceAll(/[^A-Za-z0-9-]/g, '_')}.json`;
  await writeFile(join(folder, file), `${JSON.stringify(options, undefined, 2)}\n`);
  return { options, run: await run(options), file };
}
