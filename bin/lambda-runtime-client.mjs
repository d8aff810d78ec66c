/**
 * The second opinion on functions: AWS's own client of the Lambda Runtime API. It builds native parts when it is
 * installed, so it is no dependency of the project: `npm test` installs it where this machine has what that takes, once,
 * into node_modules/.cache.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { nodeBinary, projectFolder } from './install.mjs';

const source = join(projectFolder, 'test', 'deployed', 'runtime-client');
const entry = join('node_modules', 'aws-lambda-ric', 'index.mjs');
/** What its own scripts call. */
const tools = ['cmake', 'make', 'g++', 'python3', 'tar', 'xz'];
/** npm's words for a registry that cannot be reached, or does not have the package. */
const unreachable = /code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|E40[34]|ENETUNREACH)/;

const runs = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** Where Node's headers lie that came with the install: building must download none. */
const nodeFolder = () => join(projectFolder, 'node_modules', `node-${process.platform}-${process.arch}`);

/** Why it cannot be built here, or undefined. */
function buildSkip() {
  if (process.platform !== 'linux') return 'it builds on Linux only';
  const missing = tools.filter((tool) => !runs(tool));
  if (missing.length > 0) return `this machine has no ${missing.join(', ')}`;
  if (!existsSync(join(nodeFolder(), 'include', 'node', 'node_api.h')))
    return 'the headers of Node did not come with the install';
  return undefined;
}

/** Under what is installed there: the versions, and the Node that the native part is made for. */
function cacheFolder() {
  const lock = readFileSync(join(source, 'package-lock.json'));
  const node = readFileSync(join(nodeFolder(), 'package.json'));
  const name = createHash('sha256').update(lock).update(node).digest('hex').slice(0, 12);
  return join(projectFolder, 'node_modules', '.cache', 'lambda-runtime-client', name);
}

/**
 * Installs it, unless it is there. Never fails: the answer has the client's first file, why it is skipped, or what
 * went wrong.
 */
export async function buildRuntimeClient() {
  const skip = buildSkip();
  if (skip !== undefined) return { skip };
  const folder = cacheFolder();
  if (existsSync(join(folder, entry))) return { file: join(folder, entry) };
  const making = `${folder}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  try {
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(source, name), join(making, name));
    const { code, output } = await install(making);
    const unreached = unreachable.exec(output);
    if (unreached !== null) return { skip: `it could not be fetched (${unreached[1]})` };
    if (code !== 0 || !existsSync(join(making, entry))) return { failure: output.slice(-4000) };
    if (!existsSync(folder)) renameSync(making, folder);
    return { file: join(folder, entry) };
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** The rest of the project installs without scripts; these are what builds the client. */
function install(folder) {
  const options = ['--no-audit', '--no-fund', '--loglevel=error', '--dangerously-allow-all-scripts'];
  const child = spawn('npm', ['ci', ...options], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${dirname(nodeBinary())}${delimiter}${process.env.PATH}`,
      npm_config_nodedir: nodeFolder(),
      npm_config_ignore_scripts: 'false',
    },
  });
  return new Promise((resolve) => {
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    const output = () => Buffer.concat(chunks).toString();
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code, output: output() }));
  });
}
