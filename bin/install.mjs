/**
 * Makes a fresh clone runnable: installs from the lockfile when node_modules is missing or stale, and hands over to
 * Node 24, the major version that Lambda runs. Plain JavaScript for Node 20, because it starts before the install.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeMajorMin = 20;
const nodeMajorWanted = 24;

/** True for an optional package that npm installs here: one that names this platform. Others may rightly be absent. */
function isMadeForThisMachine(entry) {
  const names = (allowed, actual) => allowed !== undefined && [allowed].flat().includes(actual);
  return names(entry.os, process.platform) && names(entry.cpu, process.arch) && entry.libc === undefined;
}

/** The first reason why node_modules is not what the lockfile says, or undefined when it is. */
export function staleReason(folder = projectFolder) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'nothing is installed yet';
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link) continue;
    const found = installed[path];
    if (found === undefined) {
      if (entry.optional && !isMadeForThisMachine(entry)) continue;
      return `${path} is missing`;
    }
    if (found.version !== entry.version)
      return `${path} is ${found.version}, the lockfile says ${entry.version}`;
  }
  return undefined;
}

/** Installs from the lockfile if needed. Ends the process with a clear line when that fails. */
export function ensureInstalled(folder = projectFolder) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < nodeMajorMin)
    fail(`Spillway needs Node ${nodeMajorMin} or newer to start; this is ${process.version}.`);
  const reason = staleReason(folder);
  if (reason === undefined) return;
  process.stderr.write(`Installing from the lockfile (${reason}) ...\n`);
  const startedAt = Date.now();
  // Install scripts stay off: no dependency of ours needs one, and a compromised package would run there first.
  const options = [
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const result = spawnSync('npm', ['ci', ...options], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.error) fail(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) fail(`npm ci failed (exit ${result.status}); its own lines above say why.`);
  process.stderr.write(`Installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.\n`);
}

/** The Node 24 that came with the install, or this one if it is new enough. */
export function nodeBinary(folder = projectFolder) {
  const packaged = join(folder, 'node_modules', '.bin', 'node');
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= nodeMajorWanted) return process.execPath;
  return fail(
    `No Node ${nodeMajorWanted} for ${process.platform}-${process.arch} came with the install, and this is ${process.version}. Install Node ${nodeMajorWanted} and try again.`,
  );
}

/** Runs a TypeScript entry on Node 24: in this process if it is one, else in a child that shares the terminal. */
export async function runOnNode24(entry, parameters = process.argv.slice(2)) {
  const file = join(projectFolder, entry);
  if (['start', 'npx'].includes(process.env.npm_lifecycle_event)) endWithParent();
  if (Number(process.versions.node.split('.')[0]) >= nodeMajorWanted) {
    process.argv = [process.execPath, file, ...parameters];
    await import(pathToFileURL(file).href);
    return;
  }
  // The channel tells the child when this process is gone, however it went.
  const child = spawn(nodeBinary(), [file, ...parameters], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.on('error', (error) => fail(`Node ${nodeMajorWanted} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const PARENT_CHECK_EVERY_MS = 500;

/** npm passes a signal on to its shell, which keeps it: whoever ends npm would leave the ports taken. */
function endWithParent() {
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_EVERY_MS);
  check.unref();
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
