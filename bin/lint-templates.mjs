#!/usr/bin/env node
/**
 * `node bin/lint-templates.mjs [<folder of a cloud assembly>]`: cfn-lint over every template, each for its own region.
 * Without a folder it looks at the example, synthesised without its bundles. A step of `npm test` where Python is.
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureInstalled, nodeBinary, projectFolder } from './install.mjs';

const requirements = join(projectFolder, 'scripts', 'cfn-lint.txt');
const pythonMinorMin = 10;

/** A Python that cfn-lint runs on, or undefined. */
function findPython() {
  const program = `import sys, venv, ensurepip; sys.exit(sys.version_info < (3, ${pythonMinorMin}))`;
  return ['python3', 'python'].find((name) => succeeds(name, ['-c', program]));
}

const succeeds = (command, parameters) => spawnSync(command, parameters, { stdio: 'ignore' }).status === 0;

/** Its own environment beside the installed packages: a new list of requirements makes a new one. */
function environmentFolder() {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  return join(projectFolder, 'node_modules', '.cache', `cfn-lint-${hash}`);
}

const interpreterOf = (folder) =>
  process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');

/** Makes the environment where there is none. Returns `{ python }`, or `{ skip }` with the reason why there is none. */
export async function lintEnvironment() {
  const folder = environmentFolder();
  const python = interpreterOf(folder);
  const done = join(folder, 'installed');
  if (existsSync(done)) return { python };
  const system = findPython();
  if (system === undefined)
    return { skip: `no Python 3.${pythonMinorMin} or newer with venv on this machine` };
  rmSync(folder, { recursive: true, force: true });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
  const steps = [
    [system, ['-m', 'venv', folder]],
    [python, [...install, '--only-binary=:all:', '-r', requirements]],
    [python, ['-c', `open(${JSON.stringify(done)}, "w").close()`]],
  ];
  for (const [command, parameters] of steps) {
    // Not in step with this process: other checks run beside it.
    const failure = await promisify(execFile)(command, parameters).then(
      () => undefined,
      ({ stderr, message }) => stderr?.trim() || message,
    );
    if (failure === undefined) continue;
    const [reason = ''] = failure.split('\n').slice(-1);
    return { skip: `cfn-lint could not be installed: ${reason}` };
  }
  return { python };
}

/** Templates of the example as the app makes them, without the functions' code, which no template looks into. */
function synthesizeExample(folder) {
  const { context } = JSON.parse(readFileSync(join(projectFolder, 'cdk.json'), 'utf8'));
  const { status, stdout, stderr } = spawnSync(nodeBinary(), ['bin/app.ts'], {
    cwd: projectFolder,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
    },
  });
  if (status !== 0) process.stdout.write(`${stdout}${stderr}`);
  return status === 0;
}

/** Ends with the linter's exit code. */
function lint(python, folder) {
  const script = join(projectFolder, 'scripts', 'lint-templates.py');
  process.exitCode = spawnSync(python, [script, folder], { stdio: 'inherit' }).status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  const { python, skip } = await lintEnvironment();
  const [assembly] = process.argv.slice(2);
  const scratch = mkdtempSync(join(tmpdir(), 'spillway-lint-'));
  try {
    if (skip !== undefined) {
      process.stdout.write(`${skip}\n`);
      process.exitCode = 1;
    } else if (assembly !== undefined) lint(python, resolve(assembly));
    else if (synthesizeExample(scratch)) lint(python, scratch);
    else process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
