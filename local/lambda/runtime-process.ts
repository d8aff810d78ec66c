/** A process with a runtime client in it, and the Runtime API that serves this process alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { FunctionError, Invocation } from './invocation.ts';
import { type InvocationHead, RuntimeApi } from './runtime-api.ts';

export interface RuntimeProcessOptions {
  /** The runtime client's first file and whatever Node is told before it. */
  readonly client: readonly string[];
  readonly folder: string;
  readonly streamedBytesMax: number;
  variables(runtimeApi: string): Readonly<Record<string, string>>;
  log(chunk: Buffer): void;
}

/** Processes that run now: they go when this one does, also those that are stopped. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class RuntimeProcess {
  readonly #api: RuntimeApi;
  readonly #child: ChildProcess;
  /** How it ended, as Lambda says it. */
  readonly exited: Promise<string>;
  #isStopped = false;

  private constructor(api: RuntimeApi, child: ChildProcess) {
    this.#api = api;
    this.#child = child;
    this.exited = new Promise((resolve) => {
      const end = (why: string) => {
        running.delete(child);
        api.close();
        resolve(why);
      };
      child.once('error', (error) => end(`Runtime could not be started: ${error.message}`));
      child.once('exit', (code, signal) => end(wordsOf(code, signal)));
    });
  }

  static async start(options: RuntimeProcessOptions): Promise<RuntimeProcess> {
    const { client, folder, variables, log } = options;
    const api = new RuntimeApi(options.streamedBytesMax);
    const env = variables(await api.open());
    const child = spawn(process.execPath, client, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    child.stdout.on('data', log);
    child.stderr.on('data', log);
    return new RuntimeProcess(api, child);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined;
  }

  get idle(): Promise<void> {
    return this.#api.idle;
  }

  get initError(): Promise<FunctionError> {
    return this.#api.initError;
  }

  /** Thaws the process and gives it its next invocation. */
  give(invocation: Invocation, head: InvocationHead): void {
    this.thaw();
    this.#api.give(invocation, head);
  }

  /** Stops every thread of the process; its timers and sockets stand still, the other sides' do not. */
  freeze(): void {
    if (!this.#isStopped) this.#child.kill('SIGSTOP');
    this.#isStopped = true;
  }

  thaw(): void {
    if (this.#isStopped) this.#child.kill('SIGCONT');
    this.#isStopped = false;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.isRunning) this.#child.kill('SIGKILL');
    await this.exited;
  }
}

function wordsOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'Runtime exited with error: signal: killed';
  if (signal !== null) return `Runtime exited with error: signal: ${signal}`;
  if (code === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: exit status ${code}`;
}
