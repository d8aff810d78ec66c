/**
 * `npx node bench/synth.ts`: `cdk synth` of the example and of 30 accounts × 21 regions, each twice, against the times,
 * memory and limits that were promised. `--only example|enterprise` takes one of them. Exits with 1 when one is over.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AssemblySize, assemblySize, differences } from './synth/assembly-size.ts';
import { type MeasuredSynth, measuredSynth } from './synth/measured-synth.ts';

const promises = {
  example: { secondsMax: 20, mebibytesMax: 4_096 },
  enterprise: { config: 'examples/enterprise.config.ts', secondsMax: 180, mebibytesMax: 4_096 },
} as const;

const only = process.argv[process.argv.indexOf('--only') + 1];
const names = (['example', 'enterprise'] as const).filter(
  (name) => !process.argv.includes('--only') || name === only,
);
if (names.length === 0) throw new RangeError(`--only: ${only} must be example or enterprise`);

const folder = mkdtempSync(join(tmpdir(), 'spillway-synth-'));
try {
  for (const name of names) await run(name);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Outcome {
  readonly runs: readonly MeasuredSynth[];
  readonly size: AssemblySize;
  /** Files that two runs made otherwise. */
  readonly differing: readonly string[];
}

async function run(name: keyof typeof promises): Promise<void> {
  const { secondsMax, mebibytesMax, ...options } = promises[name];
  const folders = ['first', 'second'].map((part) => join(folder, name, part));
  const runs: MeasuredSynth[] = [];
  for (const each of folders) runs.push(await measuredSynth({ ...options, folder: each }));
  const [first = '', second = ''] = folders.map((each) => join(each, 'out'));
  const differing = differences(first, second);
  const size = assemblySize(first);
  print(name, { runs, size, differing });
  const over = [
    ...runs.flatMap(({ wallSeconds, peakMebibytes }) => [
      ...(wallSeconds > secondsMax ? [`${wallSeconds.toFixed(1)} s, promised ${secondsMax}`] : []),
      ...(peakMebibytes > mebibytesMax ? [`${peakMebibytes.toFixed(0)} MiB, promised ${mebibytesMax}`] : []),
    ]),
    ...size.fullest.filter(({ value, max }) => value > max).map(({ what, value }) => `${what}: ${value}`),
    ...(differing.length === 0 ? [] : [`${differing.length} files differ between two runs`]),
  ];
  for (const line of over) process.stdout.write(`OVER  ${name}: ${line}\n`);
  if (over.length > 0) process.exitCode = 1;
}

function print(name: string, { runs, size, differing }: Outcome): void {
  const { templates, resources, functionAssets, bytes, fullest } = size;
  const all = (of: (run: MeasuredSynth) => number, digits: number) =>
    runs.map((each) => of(each).toFixed(digits)).join(' and ');
  const lines = [
    `\n${name} (${runs[0]?.processors} processors, load average ${loadavg()[0]?.toFixed(1)})`,
    `  seconds on the clock          ${all(({ wallSeconds }) => wallSeconds, 1)}`,
    `  seconds of processor time     ${all(({ processorSeconds }) => processorSeconds, 1)}`,
    `  memory at its peak, MiB       ${all(({ peakMebibytes }) => peakMebibytes, 0)}`,
    `  stacks                        ${templates}`,
    `  resources                     ${resources}`,
    `  assets of functions           ${functionAssets}`,
    `  assembly, MB                  ${(bytes / 1e6).toFixed(1)}`,
    `  files that differ, two runs   ${differing.length}`,
    '  fullest of what AWS bounds',
    ...fullest.map(
      ({ what, value, max, template }) =>
        `    ${what.padEnd(58)} ${String(value).padStart(7)} of ${String(max).padStart(7)}  ${template.replace('.template.json', '')}`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
