/**
 * One function environment on this machine: a bundle in a Node process of its own, driven by a Runtime API on loopback.
 * A broken bundle fails here as it would in AWS: at init, with the same error.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

interface Invocation {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces as they arrived. */
  readonly pieces: readonly string[];
  readonly body: string;
}

export interface LambdaSandbox {
  /** One event at a time, as AWS does. @throws an Error with the function's error, or when its process ends */
  invoke(event: unknown): Promise<Invocation>;
  /** What the function printed. */
  output(): string;
  isRunning(): boolean;
  close(): Promise<void>;
}

export async function openLambdaSandbox(options: {
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}): Promise<LambdaSandbox> {
  const sandbox = new Sandbox(options.timeoutMs ?? 10_000);
  await sandbox.start(options.bundle, options.environment);
  return sandbox;
}

const preludeEnd = Buffer.alloc(8);

class Sandbox implements LambdaSandbox {
  readonly #timeoutMs: number;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #process: ChildProcess | undefined;
  #output = '';
  #initError: string | undefined;
  #next: ServerResponse | undefined;
  #waiting: { readonly event: string } | undefined;
  #answer: PromiseWithResolvers<Invocation> | undefined;
  #invocations = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  async start(bundle: string, environment: Readonly<Record<string, string>>): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    const bootstrap = fileURLToPath(new URL('./lambda-bootstrap.mjs', import.meta.url));
    const child = spawn(process.execPath, [bootstrap], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Nothing of this machine's own environment: AWS gives a function only what it is configured with.
      env: {
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
        AWS_LAMBDA_FUNCTION_NAME: 'gateway',
        SANDBOX_BUNDLE: bundle,
        TZ: 'UTC',
        ...environment,
      },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    child.once('exit', (code, signal) => {
      const why = this.#initError ?? `exit ${code ?? signal}: ${this.#output.slice(-2_000)}`;
      this.#answer?.reject(new Error(`the function's process ended: ${why}`));
    });
  }

  invoke(event: unknown): Promise<Invocation> {
    if (!this.isRunning())
      return Promise.reject(new Error(`no process: ${this.#initError ?? this.#output.slice(-2_000)}`));
    this.#answer = Promise.withResolvers<Invocation>();
    this.#waiting = { event: JSON.stringify(event) };
    this.#dispatch();
    return this.#answer.promise;
  }

  output(): string {
    return this.#output;
  }

  isRunning(): boolean {
    return (
      this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
    );
  }

  async close(): Promise<void> {
    if (this.isRunning() && this.#process !== undefined) {
      const exited = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await exited;
    }
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.endsWith('/invocation/next')) {
      this.#next = response;
      this.#dispatch();
      return;
    }
    if (path.endsWith('/response')) {
      const invocation = await readInvocation(request);
      response.writeHead(202).end();
      this.#answer?.resolve(invocation);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const error = Buffer.concat(chunks).toString();
    if (path.endsWith('/init/error')) this.#initError = error;
    response.writeHead(202).end();
    this.#answer?.reject(new Error(error));
  }

  #dispatch(): void {
    if (this.#next === undefined || this.#waiting === undefined) return;
    const { event } = this.#waiting;
    this.#invocations += 1;
    this.#next.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': `invocation-${this.#invocations}`,
      'lambda-runtime-deadline-ms': String(Date.now() + this.#timeoutMs),
    });
    this.#next.end(event);
    this.#next = undefined;
    this.#waiting = undefined;
  }
}

/** A streamed answer: JSON prelude, eight zero bytes, body. */
async function readInvocation(request: IncomingMessage): Promise<Invocation> {
  let head = Buffer.alloc(0);
  let prelude: { statusCode?: number; headers?: Record<string, string> } | undefined;
  const pieces: string[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (prelude !== undefined) {
      pieces.push(chunk.toString());
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(preludeEnd);
    if (end === -1) continue;
    prelude = JSON.parse(head.subarray(0, end).toString());
    if (head.length > end + preludeEnd.length) pieces.push(head.subarray(end + preludeEnd.length).toString());
  }
  return {
    statusCode: prelude?.statusCode ?? 0,
    headers: prelude?.headers ?? {},
    pieces,
    body: pieces.join(''),
  };
}
