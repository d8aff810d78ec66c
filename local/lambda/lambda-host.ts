/**
 * Lambda on this machine: functions by ARN, an execution environment for each request at work, Lambda's limits and its
 * errors. Every environment is a process of its own that speaks the Runtime API.
 *
 * Invariant: it knows nothing of the product; a function is a folder, a handler and variables.
 */
import type { EnvironmentOptions, ExecutionEnvironment } from './execution-environment.ts';
import { FunctionPool } from './function-pool.ts';
import { checkFunction, type FunctionSpec, functionArn } from './function-spec.ts';
import { type FunctionAnswer, Invocation } from './invocation.ts';
import { functionMissing, LambdaError, requestTooLarge, tooManyRequests } from './lambda-error.ts';
import { ACCOUNT_CONCURRENCY, INIT_MS_MAX, REQUEST_BYTES_MAX, STREAMED_BYTES_MAX } from './limits.ts';
import { ownClient } from './own-client.ts';
import { type InvokeAnswer, wholeAnswer } from './whole-answer.ts';

export interface LambdaHostOptions {
  /**
   * One origin that stands for every AWS service, given to functions as AWS_ENDPOINT_URL.
   * @default - none: functions call AWS
   */
  readonly awsUrl?: string;
  /**
   * Requests at work in one account and region, reserved ones included.
   * @default 1000
   */
  readonly accountConcurrency?: number;
  /**
   * What Node runs in an environment: a runtime client and the options before it.
   * @default - our own client
   */
  readonly runtimeClient?: readonly string[];
  /**
   * How long an environment's first init may last, in milliseconds.
   * @default 10000
   */
  readonly initMsMax?: number;
  /**
   * The largest answer that is streamed, in bytes.
   * @default 209715200 200 MiB
   */
  readonly streamedBytesMax?: number;
  /**
   * Whether processes are stopped between invocations, as Lambda does.
   * @default true
   */
  readonly freezes?: boolean;
}

/** An environment as an observer sees it. */
interface EnvironmentView {
  readonly logStream: string;
  readonly state: 'busy' | 'idle';
  /** Undefined while no process runs. */
  readonly pid: number | undefined;
  /** What it printed so far. */
  readonly log: string;
}

export interface LambdaHost {
  /** @returns its ARN @throws LambdaError for a specification that Lambda would refuse, and for a name that is taken */
  createFunction(spec: FunctionSpec): string;
  /** Later requests meet the new specification; those at work end as they began. */
  updateFunction(spec: FunctionSpec): void;
  /** Starts environments that stand ready for requests to come. @throws an Error where one does not start */
  prepare(arn: string, count: number): Promise<void>;
  /** Kills what is at work. */
  deleteFunction(arn: string): Promise<void>;
  /**
   * As a caller who waits for the whole answer (`RequestResponse`).
   *
   * @throws LambdaError for a function that is not there, a payload beyond 6 MB, and want of concurrency (429)
   */
  invoke(arn: string, payload: string | Uint8Array): Promise<InvokeAnswer>;
  /** As a caller who takes the answer as it is made. Errors as with `invoke`. */
  invokeStreaming(
    arn: string,
    payload: string | Uint8Array,
  ): Promise<FunctionAnswer & { readonly requestId: string }>;
  environments(arn: string): readonly EnvironmentView[];
  /** The environments themselves, for tests of what befalls them. */
  environmentsAt(arn: string): readonly ExecutionEnvironment[];
  close(): Promise<void>;
}

export function createLambdaHost(options: LambdaHostOptions = {}): LambdaHost {
  return new Host(options);
}

class Host implements LambdaHost {
  readonly #functions = new Map<string, FunctionPool>();
  readonly #environment: EnvironmentOptions;
  readonly #accountConcurrency: number;

  constructor(options: LambdaHostOptions) {
    this.#accountConcurrency = options.accountConcurrency ?? ACCOUNT_CONCURRENCY;
    this.#environment = {
      client: options.runtimeClient ?? [ownClient()],
      awsUrl: options.awsUrl,
      initMsMax: options.initMsMax ?? INIT_MS_MAX,
      freezes: options.freezes ?? true,
      streamedBytesMax: options.streamedBytesMax ?? STREAMED_BYTES_MAX,
    };
  }

  createFunction(spec: FunctionSpec): string {
    checkFunction(spec);
    const arn = functionArn(spec);
    if (this.#functions.has(arn))
      throw new LambdaError('ResourceConflictException', 409, `Function already exist: ${spec.name}`);
    this.#functions.set(arn, new FunctionPool(spec, this.#environment));
    return arn;
  }

  updateFunction(spec: FunctionSpec): void {
    checkFunction(spec);
    this.#find(functionArn(spec)).update(spec);
  }

  prepare(arn: string, count: number): Promise<void> {
    return this.#find(arn).prepare(count);
  }

  async deleteFunction(arn: string): Promise<void> {
    const found = this.#find(arn);
    this.#functions.delete(arn);
    await found.close();
  }

  async invoke(arn: string, payload: string | Uint8Array): Promise<InvokeAnswer> {
    const { requestId, ...answer } = await this.invokeStreaming(arn, payload);
    return { requestId, ...(await wholeAnswer(answer)) };
  }

  async invokeStreaming(
    arn: string,
    payload: string | Uint8Array,
  ): Promise<FunctionAnswer & { readonly requestId: string }> {
    const found = this.#find(arn);
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    if (bytes.length > REQUEST_BYTES_MAX) throw requestTooLarge(bytes.length, REQUEST_BYTES_MAX);
    this.#checkConcurrency(found);
    const invocation = new Invocation(bytes, Date.now());
    found.run(invocation);
    return { requestId: invocation.id, ...(await invocation.answered) };
  }

  environments(arn: string): readonly EnvironmentView[] {
    return this.#find(arn).view();
  }

  environmentsAt(arn: string): readonly ExecutionEnvironment[] {
    return this.#find(arn).environments;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#functions.keys()].map((arn) => this.deleteFunction(arn)));
  }

  #find(arn: string): FunctionPool {
    const found = this.#functions.get(arn);
    if (found === undefined) throw functionMissing(arn);
    return found;
  }

  /** A reservation is kept for its function, and taken from what the others share. */
  #checkConcurrency(found: FunctionPool): void {
    const { account, region, reservedConcurrency } = found.spec;
    if (reservedConcurrency !== undefined) {
      if (found.busy >= reservedConcurrency) throw tooManyRequests(true);
      return;
    }
    let left = this.#accountConcurrency;
    for (const { spec, busy } of this.#functions.values()) {
      if (spec.account !== account || spec.region !== region) continue;
      left -= spec.reservedConcurrency ?? busy;
    }
    if (left <= 0) throw tooManyRequests(false);
  }
}
