/** What the gateway's function weighs, and what loading it costs before the first event. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { functionNodeOptions } from '#lib/constructs/function-bundling.ts';
import { bundle, bundleBytes } from './bundle.ts';
import { type Figure, figureOf } from './statistics.ts';

export interface LambdaCost {
  /** All of its code. */
  readonly bundleBytes: number;
  readonly importMs: Figure;
  /** What the import opened, called or left running; empty as it must be. */
  readonly touched: readonly string[];
}

/**
 * Loads the bundle in a process whose doors report who goes through: files, sockets, names, processes, timers. Node's
 * own reading of the bundle's modules is not counted.
 */
const probe = `
import fs from 'node:fs'; import net from 'node:net'; import dns from 'node:dns';
import dgram from 'node:dgram'; import child from 'node:child_process'; import { syncBuiltinESMExports } from 'node:module';
const touched = [];
const folder = new URL('.', process.argv[2]).href;
const isModule = (name) => name.startsWith(folder) && name.endsWith('.mjs');
const watch = (owner, home, names) => {
  for (const name of names) {
    const real = owner[name];
    if (typeof real !== 'function') continue;
    owner[name] = function (...rest) { if (!isModule(String(rest[0]))) touched.push(home + '.' + name + ' ' + String(rest[0]).slice(0, 80)); return real.apply(this, rest); };
  }
};
const files = ['open', 'openSync', 'readFile', 'readFileSync', 'writeFile', 'writeFileSync', 'mkdir', 'mkdirSync', 'readdir', 'readdirSync', 'stat', 'statSync', 'createReadStream', 'createWriteStream'];
watch(fs, 'fs', files); watch(fs.promises, 'fs.promises', files);
watch(net.Socket.prototype, 'net.Socket', ['connect']); watch(net.Server.prototype, 'net.Server', ['listen']);
watch(dns, 'dns', ['lookup', 'resolve']); watch(dgram, 'dgram', ['createSocket']);
watch(child, 'child_process', ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']);
watch(process.stdout, 'stdout', ['write']);
// What Lambda's own runtime offers.
globalThis.awslambda = { streamifyResponse: (handler) => handler };
const write = fs.writeSync.bind(fs);
syncBuiltinESMExports();
const before = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap').length;
const startMs = performance.now();
const { handler } = await import(process.argv[2]);
const importMs = performance.now() - startMs;
const left = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap').slice(before);
write(1, JSON.stringify({ importMs, isHandler: typeof handler === 'function', touched: [...touched, ...left] }));
process.exit(0);
`;

/** @param loads processes that load it, one after the other */
export async function measureLambda(folder: string, loads: number): Promise<LambdaCost> {
  const file = bundle('lambdas/gateway/handler.ts', folder);
  const probeFile = join(folder, 'probe.mjs');
  writeFileSync(probeFile, probe);
  const found = Array.from({ length: loads }, () => load(probeFile, file));
  if (!found.every(({ isHandler }) => isHandler)) throw new Error(`${file} exports no handler`);
  return {
    bundleBytes: bundleBytes(file),
    importMs: figureOf(found.map(({ importMs }) => importMs)),
    touched: [...new Set(found.flatMap(({ touched }) => touched))],
  };
}

function load(probeFile: string, file: string) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [probeFile, pathToFileURL(file).href], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, TZ: 'UTC', NODE_OPTIONS: functionNodeOptions.join(' ') },
  });
  // Node shows the line that threw: of a minified bundle that is all of it.
  const said = stderr.split('\n').map((line) => line.slice(0, 200));
  if (status !== 0) throw new Error(`loading ${file} failed:\n${said.slice(-12).join('\n')}`);
  return JSON.parse(stdout) as { importMs: number; isHandler: boolean; touched: string[] };
}
