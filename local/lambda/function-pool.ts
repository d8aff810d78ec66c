import { type EnvironmentOptions, ExecutionEnvironment } from './execution-environment.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { Invocation } from './invocation.ts';

/** The execution environments of one function: the idle ones are used again, the last used first. */
export class FunctionPool {
  readonly #options: EnvironmentOptions;
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #busy = new Set<ExecutionEnvironment>();
  #spec: FunctionSpec;
  /** Environments of older specifications that are still at work: closed when that is done. */
  readonly #outdated = new WeakSet<ExecutionEnvironment>();
  #isClosed = false;

  constructor(spec: FunctionSpec, options: EnvironmentOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  get spec(): FunctionSpec {
    return this.#spec;
  }

  get busy(): number {
    return this.#busy.size;
  }

  get environments(): readonly ExecutionEnvironment[] {
    return [...this.#busy, ...this.#idle];
  }

  view() {
    return this.environments.map((environment) => ({
      logStream: environment.logStream,
      state: this.#busy.has(environment) ? ('busy' as const) : ('idle' as const),
      pid: environment.pid,
      log: environment.log,
    }));
  }

  /** Takes an environment at once; what comes of the invocation, the invocation tells. */
  run(invocation: Invocation): void {
    const environment = this.#idle.pop() ?? new ExecutionEnvironment(this.#spec, this.#options);
    this.#busy.add(environment);
    environment.run(invocation).then(
      () => this.#release(environment),
      (error: unknown) => {
        invocation.fail({ errorType: 'Lambda.HostDefect', errorMessage: String(error) });
        this.#busy.delete(environment);
        void environment.close();
      },
    );
  }

  update(spec: FunctionSpec): void {
    this.#spec = spec;
    for (const environment of this.#busy) this.#outdated.add(environment);
    for (const environment of this.#idle.splice(0)) void environment.close();
  }

  /** Environments that stand ready, beside those there are. @throws an Error where one does not start */
  async prepare(count: number): Promise<void> {
    const made = Array.from({ length: count }, () => new ExecutionEnvironment(this.#spec, this.#options));
    try {
      await Promise.all(made.map((environment) => environment.prepare()));
    } catch (error) {
      await Promise.all(made.map((environment) => environment.close()));
      throw error;
    }
    this.#idle.push(...made);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.environments.map((environment) => environment.close()));
  }

  #release(environment: ExecutionEnvironment): void {
    this.#busy.delete(environment);
    if (this.#isClosed || this.#outdated.has(environment)) void environment.close();
    else this.#idle.push(environment);
  }
}
