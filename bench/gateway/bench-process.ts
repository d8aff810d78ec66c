/** A process of the bench: started, watched, asked, stopped. */
import { type ChildProcess, fork, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const START_MS_MAX = 20_000;
const ASK_MS_MAX = 60_000;
const STOP_MS_MAX = 5_000;

/** Linux counts processor time in hundredths of a second. */
const TICK_MICROS = 10_000;

export interface BenchProcess {
  readonly port: number;
  readonly pid: number;
  ask<Answer>(message: object): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts a process that tells its port when it is ready. */
export async function startProcess(options: {
  readonly file: string;
  readonly parameters?: readonly string[] | undefined;
  readonly execArguments?: readonly string[] | undefined;
  /** A file descriptor. @default this process's standard error */
  readonly stdout?: number | undefined;
}): Promise<BenchProcess> {
  const { file, parameters = [], execArguments = [], stdout = 2 } = options;
  const stdio: StdioOptions = ['ignore', stdout, 'inherit', 'ipc'];
  const child = fork(file, parameters, { stdio, execArgv: [...execArguments] });
  const { port } = await nextMessage<{ port: number }>(child, START_MS_MAX, file);
  return {
    port,
    pid: child.pid ?? 0,
    ask: (message) => {
      const answer = nextMessage(child, ASK_MS_MAX, file);
      child.send(message);
      return answer as Promise<never>;
    },
    stop: () => stop(child),
  };
}

/** Starts a server that is not ours on a port that is free, and waits until it takes connections. */
export async function startForeignServer(options: {
  readonly file: string;
  readonly parameters: (port: number) => readonly string[];
  readonly folder: string;
  readonly stdout: number;
}): Promise<BenchProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [options.file, ...options.parameters(port)], {
    cwd: options.folder,
    stdio: ['ignore', options.stdout, options.stdout],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const endMs = performance.now() + START_MS_MAX;
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null) throw new Error(`${options.file} ended with code ${child.exitCode}`);
    if (performance.now() > endMs) {
      child.kill('SIGKILL');
      throw new Error(`${options.file} took no connection within ${START_MS_MAX} ms`);
    }
    await delay(50);
  }
  const ask = () => Promise.reject(new Error('a server that is not ours is not asked'));
  return { port, pid: child.pid ?? 0, ask, stop: () => stop(child) };
}

/** MiB of memory that the process holds; NaN where the system does not say. */
export function memoryMiB(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readProcessFile(pid, 'status'))?.[1];
  return kib === undefined ? Number.NaN : Number(kib) / 1024;
}

/** Microseconds of processor time so far; NaN where the system does not say. */
export function processorMicros(pid: number): number {
  // The name in brackets may hold blanks; user and system time are the 12th and 13th field behind it.
  const fields = readProcessFile(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}

function readProcessFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

async function nextMessage<Message>(child: ChildProcess, msMax: number, what: string): Promise<Message> {
  const heard = new AbortController();
  const { signal } = heard;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${what} ended with code ${code}`);
  });
  const late = delay(msMax, undefined, { signal }).then(() => {
    throw new Error(`${what} said nothing within ${msMax} ms`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended, late]);
    return message as Message;
  } finally {
    for (const loser of [ended, late]) loser.catch(() => undefined);
    heard.abort();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (child.connected) child.disconnect();
  else child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await exited;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((tell) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      tell(true);
    });
    socket.once('error', () => tell(false));
  });
}
