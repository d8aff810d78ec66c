import { readFile } from 'node:fs/promises';
import type { SwarmScenario } from '#contract/swarm-scenario.ts';
import { drawScenario } from '#simulator/swarm/draw-scenario.ts';
import { runSwarm, type SimulatorParts } from '#simulator/swarm/run-swarm.ts';
import { type Command, type CommandContext, type ExitCode, printJson } from './command.ts';
import { numberOf } from './order-options.ts';
import { drawFailure, drawSwarm } from './simulate/draw-swarm.ts';
import { type JudgedRun, keepLeast } from './simulate/keep-least.ts';
import { readScenario } from './simulate/read-scenario.ts';
import { UsageError } from './usage-error.ts';

const SEEDS_MAX = 100_000;
const SEEDS_DEFAULT = 20;

export const simulateSwarm: Command = {
  spec: {
    name: 'simulate swarm',
    synopsis: '[--seeds <n> | --seed <text> | --scenario <file>]',
    summary:
      'Runs the gateways and the control plane of your configuration in virtual time, under faults that are drawn from a seed, and judges every call and answer: residency, slots, settling, deadlines, retries; then heals everything and sees that nothing stays behind. Asks no AWS account.',
    positionals: [],
    options: {
      seeds: { type: 'string', value: '<n>', help: `how many seeds, from 1 (default: ${SEEDS_DEFAULT})` },
      seed: { type: 'string', value: '<text>', help: 'one seed' },
      scenario: { type: 'string', value: '<file>', help: 'what a run that failed has left behind' },
    },
    notes: [
      'The same seed is the same run, to the byte. One that fails is made as small as it will go and kept in a file.',
      'Exit code 1: something happened that must never happen. 3: something did not come back once all was well.',
    ],
  },
  async run(context) {
    const { line, runtime, terminal } = context;
    const { config } = await runtime.loadConfig(line.text('config'));
    const parts = { config, facts: runtime.facts, digest: runtime.digest };
    const scenarios = await scenariosOf(context, parts);
    const begunMs = runtime.clock.monotonicMs();
    const runs: JudgedRun[] = [];
    for (const options of scenarios) {
      terminal.progress(progressOf(runs, scenarios.length, runtime.clock.monotonicMs() - begunMs));
      runs.push({ options, run: await runSwarm(parts, options) });
    }
    const tookMs = runtime.clock.monotonicMs() - begunMs;
    const failed = runs.find(({ run }) => run.violationCount > 0);
    const least = failed === undefined ? undefined : await leastOf(context, parts, failed);
    if (line.flag('json')) printJson(terminal, { runs, tookMs, least });
    else {
      terminal.print(...drawSwarm(runs, { tookMs, terminal }));
      if (least !== undefined) terminal.print(...drawFailure(least, terminal));
    }
    return exitCodeOf(failed);
  },
};

function exitCodeOf(failed: JudgedRun | undefined): ExitCode {
  const [violation] = failed?.run.violations ?? [];
  if (violation === undefined) return 0;
  return violation.phase === 'safety' ? 1 : 3;
}

async function scenariosOf(
  { line }: CommandContext,
  { config }: SimulatorParts,
): Promise<readonly SwarmScenario[]> {
  const file = line.text('scenario');
  const seed = line.text('seed');
  const seeds = line.text('seeds');
  if ([file, seed, seeds].filter((each) => each !== undefined).length > 1)
    throw new UsageError('--seeds, --seed and --scenario: name one of them');
  if (file !== undefined) return [readScenario(await readText(file), { file, config })];
  if (seed !== undefined) return [drawScenario(seed, config)];
  const count = seeds === undefined ? SEEDS_DEFAULT : numberOf(seeds);
  if (!Number.isInteger(count) || count < 1 || count > SEEDS_MAX)
    throw new UsageError(`--seeds must be a whole number from 1 to ${SEEDS_MAX}, got "${seeds}"`);
  return Array.from({ length: count }, (_, index) => drawScenario(String(index + 1), config));
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--scenario: ${file} cannot be read (${error.code ?? error.message})`);
  });
}

function progressOf(runs: readonly JudgedRun[], count: number, tookMs: number): string {
  const virtualSeconds = runs.reduce((sum, { run }) => sum + run.virtualSeconds, 0);
  const requests = runs.reduce((sum, { run }) => sum + run.requests, 0);
  const speed = tookMs === 0 ? 0 : Math.round((virtualSeconds * 1000) / tookMs);
  const hours = (virtualSeconds / 3600).toFixed(1);
  return `seed ${runs.length + 1} of ${count}: ${hours} virtual hours, ${requests} requests, ${speed} x real time`;
}

async function leastOf({ runtime, terminal }: CommandContext, parts: SimulatorParts, failed: JudgedRun) {
  terminal.progress(`seed ${failed.options.seed} failed: looking for the least of it that does`);
  return keepLeast(failed, { folder: runtime.folder, run: (options) => runSwarm(parts, options) });
}
