import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const WATCH_EVERY_MS = 100;

export interface MeasuredSynth {
  readonly wallSeconds: number;
  /** Of the command and everything it started. */
  readonly processorSeconds: number;
  /** The most that the command and everything it started held at one moment, seen every 100 ms; MiB. */
  readonly peakMebibytes: number;
  readonly processors: number;
}

/**
 * Runs `cdk synth` as a user does, without credentials, and watches what it takes.
 *
 * @throws an Error with what the command said, where it fails.
 */
export async function measuredSynth(options: {
  /** @default - what the app takes by itself */
  readonly config?: string;
  readonly folder: string;
}): Promise<MeasuredSynth> {
  const { config, folder } = options;
  mkdirSync(folder, { recursive: true });
  const times = join(folder, 'times');
  const cli = join(root, 'node_modules/aws-cdk/bin/cdk');
  const out = join(folder, 'out');
  const parameters = [
    cli,
    'synth',
    '-q',
    '-o',
    out,
    ...(config === undefined ? [] : ['-c', `config=${config}`]),
  ];
  const startedAt = performance.now();
  // A shell knows what its children took when it is done with them; Node does not.
  const script = '"$@"; code=$?; times >"$TIMES"; exit $code';
  const child = spawn('sh', ['-c', script, 'sh', process.execPath, ...parameters], {
    cwd: root,
    env: { ...withoutCredentials(), HOME: folder, TIMES: times },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  let peakMebibytes = 0;
  const watch = setInterval(() => {
    peakMebibytes = Math.max(peakMebibytes, residentMebibytes(child.pid ?? 0));
  }, WATCH_EVERY_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`cdk synth ended with ${code}:\n${Buffer.concat(said)}`);
  return {
    wallSeconds: (performance.now() - startedAt) / 1000,
    processorSeconds: childrenSeconds(readFileSync(times, 'utf8')),
    peakMebibytes,
    processors: cpus().length,
  };
}

function withoutCredentials(): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK|SPILLWAY)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

/** The second line of `times`: user and system time of the children, each as `1m2.34s`. */
function childrenSeconds(text: string): number {
  const [, children = ''] = text.split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

/** What a process and its descendants hold in memory now. */
function residentMebibytes(parent: number): number {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' });
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([parent]);
  let kibibytes = 0;
  // Parents come before their children, except where numbers began anew; then a look later sees them.
  for (const [pid = 0, ppid = 0, rss = 0] of processes) {
    if (!family.has(ppid)) continue;
    family.add(pid);
    kibibytes += rss;
  }
  return kibibytes / 1024;
}
