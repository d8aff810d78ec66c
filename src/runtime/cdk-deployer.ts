/** The CDK's own command line as what deploys stacks. Templates are made once, so that every wave gets the same version. */
import { spawn } from 'node:child_process';
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
  /** Takes what the CDK prints, for people who wait. */
  readonly write: (text: string) => void;
  /** The program. @default - the CDK of this project */
  readonly program?: string;
}

export interface OpenCdk extends StackDeployer {
  /** Forgets the templates. */
  close(): void;
}

/** Stacks that change at the same time, where nothing makes them wait for each other. */
const STACKS_AT_A_TIME = 8;

/** @throws an Error that says with what the CDK ended when it cannot make the templates */
export async function openCdk(options: CdkOptions): Promise<OpenCdk> {
  const assembly = mkdtempSync(join(tmpdir(), 'spillway-waves-'));
  const close = (): void => rmSync(assembly, { recursive: true, force: true });
  const context = Object.entries({ ...options.context, config: options.file });
  const settings = context.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const failure = await runCdk(options, ['synth', '-q', '-o', assembly, ...settings]);
  if (failure !== undefined) {
    close();
    throw new Error(failure);
  }
  const deploying = ['deploy', '--app', assembly, '--exclusively', '--require-approval', 'never'];
  return {
    deploy: (stacks) => runCdk(options, [...deploying, '--concurrency', String(STACKS_AT_A_TIME), ...stacks]),
    close,
  };
}

/** With what it ended; undefined when all went well. Credentials are the process's own, as by hand. */
function runCdk(options: CdkOptions, parameters: readonly string[]): Promise<string | undefined> {
  const { folder, write } = options;
  const program =
    options.program ?? fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...parameters], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', write);
    }
    child.on('error', (error) => resolve(`cdk ${parameters[0]} cannot start: ${error.message}`));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? undefined : `cdk ${parameters[0]} ended with ${signal ?? `exit code ${code}`}`),
    );
  });
}
