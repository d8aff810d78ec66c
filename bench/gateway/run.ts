/**
 * What Spillway costs beside other things that could stand in front of a model: see bench/README.md.
 *
 *     node bench/gateway/run.ts            figures as tables, and exit code 1 when a budget is broken
 */
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startProcess } from './bench-process.ts';
import { judgeBudgets } from './budgets.ts';
import { openBundleFolder } from './bundle.ts';
import { startContenders } from './contenders.ts';
import { rowsOf } from './figures.ts';
import { measureLambda } from './lambda-cost.ts';
import { measure } from './measure.ts';
import { type BenchOptions, parseOptions, usage } from './options.ts';
import { budgetText, tablesOf } from './report.ts';

const startedMs = performance.now();
process.exitCode = await main();

async function main(): Promise<number> {
  let options: BenchOptions;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 2;
  }
  const folder = openBundleFolder();
  try {
    return await bench(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bench(options: BenchOptions, folder: string): Promise<number> {
  const machine = machineNow();
  tell(`starting on ${machine.node}, ${machine.processors}, load ${machine.load}`);
  if (options.profileFolder !== undefined) mkdirSync(options.profileFolder, { recursive: true });
  const lambda = await measureLambda(folder, options.imports);
  const upstream = await startProcess({ file: own('processes/mock-upstream.ts') });
  const load = await startProcess({ file: own('processes/load-generator.ts') });
  const field = await startContenders(options.names, {
    upstreamPort: upstream.port,
    folder,
    profileFolder: options.profileFolder,
  });
  for (const { name, why } of field.missing) tell(`${name} does not run: ${why}`);
  try {
    const measured = await measure({ upstream, load, contenders: field.contenders }, options, tell);
    const rows = rowsOf(measured);
    const found = { measured, rows, lambda };
    const budgets = judgeBudgets(found);
    const faults = [
      ...field.missing.map(({ name, why }) => `${name} did not run: ${why}`),
      ...measured.faults,
      ...lambda.touched.map((what) => `the function's import touched ${what}`),
    ];
    const { idleMiB } = measured;
    if (options.json) {
      console.log(
        JSON.stringify({ machine, rounds: options.rounds, rows, idleMiB, lambda, budgets, faults }),
      );
    } else {
      const how = `Node ${machine.node}, ${machine.processors}, load ${machine.load} at the start and ${machineNow().load} at the end; ${options.rounds} rounds, middle (lowest–highest)`;
      console.log(`${how}\n\n${tablesOf(options.stretches, found)}\n\n${budgetText(budgets)}`);
    }
    for (const fault of faults) console.error(`FAULT  ${fault}`);
    return faults.length === 0 && budgets.every(({ verdict }) => verdict !== 'OVER') ? 0 : 1;
  } finally {
    await field.close();
    await Promise.all([upstream.stop(), load.stop()]);
  }
}

function machineNow() {
  const [oneMinute = 0] = loadavg();
  const processors = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`;
  return { node: process.versions.node, processors, load: oneMinute.toFixed(2) };
}

function own(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Progress goes where figures do not. */
function tell(line: string): void {
  console.error(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}
