/** The CDK's own command line as what deploys stacks. Templates are made once, so that every wave gets the same version. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StackDeployer } from '#usecases/ports/stack-deployer.ts';

export interface CdkOptions {
  /** The project's folder, in which the CDK finds its settings. */
  readonly folder: string;
  /** A configuration that was checked. */
  readonly file: string;
  /** What `-c name=value` would say. */
  readonly context: Readonly<Record<string, string>>;
  /** A cloud assembly that is there. @default - one is made now, and goes with `close` */
  readonly assembly?: string;
  /** Takes what the CDK prints, for people who wait. */
  readonly write: (text: string) => void;
  /** The program. @default - the CDK of this project */
  readonly program?: string;
}

export interface OpenCdk extends StackDeployer {
  /** Ends the CDK where it is at work; what CloudFormation has begun goes on by itself. */
  stop(): void;
  /** Forgets the templates that were made. */
  close(): void;
}

/** Stacks that change at the same time, where nothing makes them wait for each other. */
const STACKS_AT_A_TIME = 8;

/** @throws an Error that says with what the CDK ended when it cannot make the templates */
export async function openCdk(options: CdkOptions): Promise<OpenCdk> {
  const running = new Set<ChildProcess>();
  const run = (parameters: readonly string[]) => runCdk(options, parameters, running);
  const made = options.assembly === undefined ? await makeAssembly(options, run) : undefined;
  const assembly = options.assembly ?? made ?? '';
  const deploying = ['deploy', '--app', assembly, '--exclusively', '--require-approval', 'never'];
  return {
    deploy: (stacks) => run([...deploying, '--concurrency', String(STACKS_AT_A_TIME), ...stacks]),
    stop: () => {
      for (const child of running) child.kill('SIGTERM');
    },
    close: () => {
      if (made !== undefined) rmSync(made, { recursive: true, force: true });
    },
  };
}

/** The folder in which the templates of all stacks stand. */
async function makeAssembly(
  { context, file }: CdkOptions,
  run: (parameters: readonly string[]) => Promise<string | undefined>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-waves-'));
  const settings = Object.entries({ ...context, config: file }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const failure = await run(['synth', '-q', '-o', folder, ...settings]);
  if (failure === undefined) return folder;
  rmSync(folder, { recursive: true, force: true });
  throw new Error(failure);
}

/** With what it ended; undefined when all went well. Credentials are the process's own, as by hand. */
function runCdk(
  options: CdkOptions,
  parameters: readonly string[],
  running: Set<ChildProcess>,
): Promise<string | undefined> {
  const { folder, write } = options;
  const program =
    options.program ?? fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...parameters], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', write);
    }
    child.on('error', (error) => resolve(`cdk ${parameters[0]} cannot start: ${error.message}`));
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve(code === 0 ? undefined : `cdk ${parameters[0]} ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}
