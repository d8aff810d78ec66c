/** Starts the product as a user does, in a process of its own on free ports, and talks to it from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '#test/tidy/source-files.ts';

export interface JournalEntry {
  readonly seq: number;
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly target?: string;
  readonly status: number;
  readonly error?: string;
  readonly traceparent?: string;
  readonly reach?: readonly string[];
  /** Content frames of a stream that were sent. */
  readonly chunks?: number;
  readonly servedRegion?: string;
  readonly aborted: boolean;
  /** Index of the fault rule that struck. */
  readonly rule?: number;
}

export interface SpillwayProcess {
  readonly awsUrl: string;
  readonly gateways: readonly { readonly region: string; readonly url: string }[];
  readonly child: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  gatewayUrl(region: string): string;
  /** A call of the local AWS's control API; throws on any status but 200. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  journal(query?: string): Promise<readonly JournalEntry[]>;
  close(): Promise<void>;
}

/** Generous against a busy machine; the ready time itself is asserted where it is promised. */
const readyMsMax = 150_000;

export interface StartRequest {
  /** A configuration object, written to a file for this process. Without it the example runs. */
  readonly config?: unknown;
  readonly configFile?: string;
  readonly faults?: readonly unknown[];
  readonly parameters?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startSpillway(request: StartRequest = {}): Promise<SpillwayProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-process-'));
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const parameters = ['--port', '0', '--aws-port', '0', '--json', ...(request.parameters ?? [])];
  if (request.configFile !== undefined) parameters.push('--config', request.configFile);
  if (request.config !== undefined) parameters.push('--config', file('config.json', request.config));
  if (request.faults !== undefined) parameters.push('--faults', file('faults.json', request.faults));
  const child = spawn(process.execPath, [join(projectFolder, 'src/local-mode/main.ts'), ...parameters], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Last good routes of another run must not reach into this one.
    env: { ...process.env, ...request.environment, TMPDIR: folder },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await waitForReady(child, () => output);
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${ready.awsUrl}/_local/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== 200)
      throw new Error(`${method} /_local/${path} answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    ...ready,
    child,
    output: () => output,
    gatewayUrl(region) {
      const found = ready.gateways.find((gateway) => gateway.region === region);
      if (found === undefined) throw new Error(`no gateway in ${region}`);
      return found.url;
    },
    control,
    async journal(query = '') {
      const answer = (await control('GET', `journal${query}`)) as
        | { entries?: JournalEntry[] }
        | JournalEntry[];
      return Array.isArray(answer) ? answer : (answer.entries ?? []);
    },
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Ready = Pick<SpillwayProcess, 'awsUrl' | 'gateways'>;

function waitForReady(child: ChildProcess, output: () => string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearInterval(poll);
      clearTimeout(deadline);
      child.off('exit', onExit);
      settle();
    };
    const onExit = (code: number | null): void =>
      finish(() => reject(new Error(`ended with ${code} before it was ready:\n${output()}`)));
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      finish(() => reject(new Error(`not ready after ${readyMsMax} ms:\n${output()}`)));
    }, readyMsMax);
    const poll = setInterval(() => {
      const line = output()
        .split('\n')
        .find((text) => text.startsWith('{"event":"ready"'));
      if (line !== undefined) finish(() => resolve(JSON.parse(line) as Ready));
    }, 20);
    child.on('exit', onExit);
  });
}

/** Polls until `check` answers something else than undefined, with a deadline. */
export async function eventually<T>(
  check: () => Promise<T | undefined>,
  what: string,
  msMax = 15_000,
): Promise<T> {
  const end = performance.now() + msMax;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`${what} did not happen within ${msMax} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A chat call with the example's key; the body's defaults are enough for an answer. */
export function chat(
  url: string,
  request: {
    body?: Record<string, unknown>;
    headers?: Record<string, string>;
    signal?: AbortSignal;
    /** @default /v1/chat/completions */
    path?: string | undefined;
  } = {},
): Promise<Response> {
  return fetch(`${url}${request.path ?? '/v1/chat/completions'}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-local', 'content-type': 'application/json', ...request.headers },
    body: JSON.stringify({
      model: 'chat-large',
      messages: [{ role: 'user', content: 'Say hello' }],
      max_tokens: 64,
      ...request.body,
    }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
}
