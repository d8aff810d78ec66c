#!/usr/bin/env node
/**
 * `node bin/chromium.mjs`: prints the file of the browser that looks at the console's pages: the Chromium of this machine, or the
 * one of its distribution, which is installed where that takes no question (as root, with apt). The project downloads no
 * browser of its own.
 */
import { execFile, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const installMsMax = 180_000;

/**
 * Finds it, and installs it where there is none. Never fails.
 *
 * @returns `{ file }`, or `{ skip }` with the reason why there is none
 */
export async function prepareChromium() {
  const given = process.env.CHROME_PATH;
  if (given !== undefined && given !== '')
    return runs(given) ? { file: given } : { skip: `CHROME_PATH is ${given}, which cannot be run` };
  const found = findChromium();
  if (found !== undefined) return { file: found };
  const skip = installSkip();
  if (skip !== undefined) return { skip };
  const failure = await install();
  const file = findChromium();
  if (file !== undefined) return { file };
  return { skip: `Chromium could not be installed: ${failure ?? 'apt-get installed none'}` };
}

/** In the order of the names, in the order of PATH. */
function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => isExecutable(file) && runs(file));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Some distributions have a file of that name that only says what to install. */
const runs = (file) => spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;

function installSkip() {
  const missing = 'no Chromium on this machine (CHROME_PATH names one)';
  if (process.getuid?.() !== 0) return `${missing}, and only root can install it`;
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0)
    return `${missing}, and no apt-get to install it`;
  return undefined;
}

/** The last line of what went wrong, or undefined. Package lists may be missing or old: they are read once then. */
async function install() {
  const packages = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'];
  const first = await aptGet(packages);
  if (first === undefined) return undefined;
  return (await aptGet(['update'])) ?? (await aptGet(packages));
}

async function aptGet(parameters) {
  const options = {
    timeout: installMsMax,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  try {
    await promisify(execFile)('apt-get', parameters, options);
    return undefined;
  } catch ({ stderr, message }) {
    return (stderr?.trim() || message).split('\n').at(-1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { file, skip } = await prepareChromium();
  process.stdout.write(`${file ?? skip}\n`);
  process.exitCode = file === undefined ? 1 : 0;
}
