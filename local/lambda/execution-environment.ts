/**
 * One execution environment: a temporary folder that outlives its processes, and one process at a time that answers one
 * invocation at a time and stands still in between.
 *
 * Invariant: `run` never fails; whatever goes wrong is told to the invocation, and the next one finds a fresh process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type FunctionSpec, functionArn } from './function-spec.ts';
import type { FunctionError, Invocation } from './invocation.ts';
import { type Initialization, lambdaVariables } from './lambda-variables.ts';
import { RuntimeProcess } from './runtime-process.ts';

export interface EnvironmentOptions {
  readonly client: readonly string[];
  readonly awsUrl: string | undefined;
  readonly initMsMax: number;
  readonly freezes: boolean;
  readonly streamedBytesMax: number;
}

/** The newest part of what an environment wrote. */
const LOG_BYTES_MAX = 1_000_000;

type Ending = { readonly how: 'idle' | 'late' } | { readonly how: 'exited'; readonly why: string };

export class ExecutionEnvironment {
  readonly logStream: string;
  readonly #spec: FunctionSpec;
  readonly #options: EnvironmentOptions;
  readonly #folder: string;
  #process: RuntimeProcess | undefined;
  #hasBegun = false;
  #log = '';
  #initialization: Initialization = 'on-demand';

  constructor(spec: FunctionSpec, options: EnvironmentOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#folder = mkdtempSync(join(tmpdir(), 'spillway-lambda-'));
    this.logStream = `[${spec.version ?? '$LATEST'}]${this.#folder.slice(-6)}`;
  }

  get pid(): number | undefined {
    return this.#process?.isRunning === true ? this.#process.pid : undefined;
  }

  /** What its processes printed, oldest first. */
  get log(): string {
    return this.#log;
  }

  /** Starts before any request asks for it. @throws an Error that says what its init came to */
  async prepare(): Promise<void> {
    this.#hasBegun = true;
    this.#initialization = 'provisioned-concurrency';
    const process = await this.#start();
    const ending = await endOf(process, process.idle, this.#options.initMsMax);
    if (ending.how !== 'idle') {
      await process.kill();
      const error = await told(process.initError);
      const why = error?.errorMessage ?? (ending.how === 'exited' ? ending.why : 'it takes too long');
      throw new Error(`FUNCTION_ERROR_INIT_FAILURE: ${why}`);
    }
    if (this.#options.freezes) process.freeze();
  }

  /** Leads the invocation through its whole life; over when the environment can take the next one. */
  async run(invocation: Invocation): Promise<void> {
    const begun = await this.#ready(invocation);
    if (begun === undefined) return;
    const { process, deadlineMs } = begun;
    process.give(invocation, { deadlineMs, functionArn: functionArn(this.#spec) });
    const ending = await endOf(process, process.idle, deadlineMs - Date.now());
    if (ending.how === 'idle') {
      if (this.#options.freezes) process.freeze();
      // A runtime that asks for the next one without having answered this one.
      invocation.fail({ errorType: 'Runtime.NoResponse', errorMessage: `RequestId: ${invocation.id}` });
      return;
    }
    await this.#fail(invocation, process, ending);
  }

  /** Kills what runs and forgets the temporary storage. Without an extension Lambda gives no warning either. */
  async close(): Promise<void> {
    await this.#process?.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** For tests of what happens to a process that is told to go, or killed from outside. */
  signal(name: NodeJS.Signals): void {
    this.#process?.signal(name);
  }

  /** Keeps the process still, or lets it go on, whatever it is doing. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#process?.freeze();
    else this.#process?.thaw();
  }

  /**
   * A process that asks for its invocation. The first one has an init phase of its own; where that fails or takes too
   * long, and after a process died, init is done again within the time of the invocation.
   */
  async #ready(
    invocation: Invocation,
  ): Promise<{ readonly process: RuntimeProcess; readonly deadlineMs: number } | undefined> {
    const limitMs = this.#spec.timeoutSeconds * 1000;
    if (this.#process?.isRunning === true) {
      return { process: this.#process, deadlineMs: Date.now() + limitMs };
    }
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      const process = await this.#start();
      const ending = await endOf(process, process.idle, this.#options.initMsMax);
      if (ending.how === 'idle') return { process, deadlineMs: Date.now() + limitMs };
      await process.kill();
    }
    const deadlineMs = Date.now() + limitMs;
    const process = await this.#start();
    const ending = await endOf(process, process.idle, limitMs);
    if (ending.how === 'idle') return { process, deadlineMs };
    await this.#fail(invocation, process, ending);
    return undefined;
  }

  async #start(): Promise<RuntimeProcess> {
    const { client, awsUrl, streamedBytesMax } = this.#options;
    this.#process = await RuntimeProcess.start({
      ...{ client, streamedBytesMax, folder: this.#spec.folder },
      variables: (runtimeApi) =>
        lambdaVariables(this.#spec, {
          ...{ runtimeApi, awsUrl, logStream: this.logStream, initialization: this.#initialization },
          temporaryFolder: this.#folder,
        }),
      log: (chunk) => {
        this.#log = (this.#log + chunk.toString()).slice(-LOG_BYTES_MAX);
      },
    });
    return this.#process;
  }

  async #fail(invocation: Invocation, process: RuntimeProcess, ending: Ending): Promise<void> {
    const prefix = `RequestId: ${invocation.id} Error: `;
    if (ending.how === 'exited') {
      const initError = await told(process.initError);
      invocation.fail(initError ?? { errorType: 'Runtime.ExitError', errorMessage: prefix + ending.why });
      return;
    }
    const seconds = this.#spec.timeoutSeconds.toFixed(2);
    invocation.fail({
      errorType: 'Sandbox.Timedout',
      errorMessage: `${prefix}Task timed out after ${seconds} seconds`,
    });
    await process.kill();
  }
}

/** Whether what is awaited came, the process ended, or the time was up. */
async function endOf(process: RuntimeProcess, idle: Promise<void>, limitMs: number): Promise<Ending> {
  const stop = new AbortController();
  const late = pause(Math.max(0, limitMs), 'late' as const, { signal: stop.signal }).catch(() => undefined);
  try {
    return await Promise.race([
      idle.then(() => ({ how: 'idle' }) as const),
      process.exited.then((why) => ({ how: 'exited', why }) as const),
      late.then(() => ({ how: 'late' }) as const),
    ]);
  } finally {
    stop.abort();
  }
}

/** What a promise has been settled with by now. */
const told = (error: Promise<FunctionError>): Promise<FunctionError | undefined> =>
  Promise.race([error, Promise.resolve(undefined)]);
