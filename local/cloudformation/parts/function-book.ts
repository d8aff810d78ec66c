/**
 * Deployed functions: the host runs them, and here stands what Lambda does around a run: retries of asynchronous calls,
 * the queue of failed ones, and how often each was called.
 */
import { invokeEvent } from '../../lambda/event-sources/event-invocation.ts';
import type { FunctionSpec } from '../../lambda/function-spec.ts';
import { functionArn } from '../../lambda/function-spec.ts';
import { LambdaError } from '../../lambda/lambda-error.ts';
import type { LambdaHost } from '../../lambda/lambda-host.ts';
import { accountOf, type ServiceAccess } from './service-access.ts';

/** AWS's own number for calls that nobody waits for. */
const retriesDefault = 2;

/** Lambda waits up to six hours; here nobody would. */
const waitMsMax = 30_000;
const throttled = 429;
const accessDenied = 403;
const waitMs = 20;

export interface FunctionSettings {
  /** By which its variables are encrypted: its role must be able to read them at every start. */
  readonly keyArn?: string | undefined;
  readonly deadLetterArn?: string | undefined;
}

export interface FunctionCalls {
  count: number;
  failures: number;
  /** Of the last call that failed. */
  lastError: string;
}

interface DeployedFunction {
  readonly spec: FunctionSpec;
  readonly settings: FunctionSettings;
  retries: number;
  readonly calls: FunctionCalls;
}

export class FunctionBook {
  readonly host: LambdaHost;
  readonly #awsUrl: string;
  readonly #access: ServiceAccess;
  readonly #functions = new Map<string, DeployedFunction>();
  readonly #running = new Set<Promise<void>>();

  /** @param awsUrl the stand-in's origin, where dead letters go */
  constructor(host: LambdaHost, awsUrl: string, access: ServiceAccess) {
    this.#awsUrl = awsUrl;
    this.#access = access;
    this.host = {
      ...bound(host),
      invoke: async (arn, payload) => {
        const answer = await this.#counted(arn, () => host.invoke(arn, payload));
        if (answer.functionError !== undefined) this.#failed(arn, answer.payload.toString());
        return answer;
      },
      invokeStreaming: async (arn, payload) => {
        const answer = await this.#counted(arn, () => host.invokeStreaming(arn, payload));
        if (answer.kind === 'failed') this.#failed(arn, JSON.stringify(answer.error));
        return answer;
      },
    };
  }

  create(spec: FunctionSpec, settings: FunctionSettings): string {
    const arn = this.host.createFunction(spec);
    const calls = { count: 0, failures: 0, lastError: '' };
    this.#functions.set(arn, { spec, settings, retries: retriesDefault, calls });
    return arn;
  }

  update(spec: FunctionSpec, settings: FunctionSettings): void {
    this.host.updateFunction(spec);
    const arn = functionArn(spec);
    this.#functions.set(arn, { ...this.find(arn), spec, settings });
  }

  async remove(arn: string): Promise<void> {
    this.#functions.delete(arn);
    await this.host.deleteFunction(arn);
  }

  /** By its ARN, or by its name in a place. @throws an Error where there is none */
  find(nameOrArn: string, place?: { readonly account: string; readonly region: string }): DeployedFunction {
    const found = this.#functions.get(this.arnOf(nameOrArn, place));
    if (found === undefined) throw new Error(`ResourceNotFoundException: there is no function ${nameOrArn}`);
    return found;
  }

  arnOf(nameOrArn: string, place?: { readonly account: string; readonly region: string }): string {
    if (nameOrArn.startsWith('arn:') || place === undefined) return nameOrArn;
    return `arn:aws:lambda:${place.region}:${place.account}:function:${nameOrArn}`;
  }

  setRetries(arn: string, retries: number): void {
    this.find(arn).retries = retries;
  }

  calls(arn: string): Readonly<FunctionCalls> {
    return this.find(arn).calls;
  }

  /** Takes the event and answers at once, as Lambda does; what becomes of it, becomes of it. */
  invokeLater(arn: string, payload: string): void {
    const run = this.#runLater(this.find(arn), arn, payload).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** Until nothing that was taken is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #runLater(
    { settings, retries, spec }: DeployedFunction,
    arn: string,
    payload: string,
  ): Promise<void> {
    const { deadLetterArn } = settings;
    const deadLetter =
      deadLetterArn === undefined ? {} : { deadLetter: { queueArn: deadLetterArn, roleArn: spec.roleArn } };
    const handling = { functionArn: arn, maximumRetryAttempts: retries, ...deadLetter };
    await invokeEvent({ host: this.host, awsUrl: this.#awsUrl }, handling, payload).catch((error: unknown) =>
      this.#failed(arn, String(error)),
    );
  }

  /** What finds no room comes again until there is some: a poller keeps what it took. */
  async whenFree<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    const end = performance.now() + waitMsMax;
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof LambdaError && error.status === throttled) || performance.now() > end)
          throw error;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  async #counted<Answer>(arn: string, run: () => Promise<Answer>): Promise<Answer> {
    const found = this.#functions.get(arn);
    const calls = found?.calls;
    if (found !== undefined) await this.#admit(found);
    if (calls !== undefined) calls.count += 1;
    try {
      return await run();
    } catch (error) {
      // It never reached the function.
      if (calls !== undefined) calls.count -= 1;
      throw error;
    }
  }

  /** What Lambda does before a function runs: it becomes the role, and reads the variables. */
  async #admit({ spec, settings, calls }: DeployedFunction): Promise<void> {
    const { account, region, roleArn } = spec;
    try {
      await this.#access.assume('lambda.amazonaws.com', roleArn, { account, region });
      const { keyArn } = settings;
      if (keyArn === undefined) return;
      const question = { action: 'kms:Decrypt', resource: keyArn, account: accountOf(keyArn) };
      await this.#access.require(roleArn, question, region);
    } catch (error) {
      calls.failures += 1;
      calls.lastError = String(error);
      throw new LambdaError('AccessDeniedException', accessDenied, calls.lastError);
    }
  }

  #failed(arn: string, error: string): void {
    const calls = this.#functions.get(arn)?.calls;
    if (calls === undefined) return;
    calls.failures += 1;
    calls.lastError = error;
  }
}

/** Methods of a class live on its prototype: a copy needs each by its name. */
function bound(host: LambdaHost): LambdaHost {
  return {
    createFunction: (spec) => host.createFunction(spec),
    updateFunction: (spec) => host.updateFunction(spec),
    deleteFunction: (arn) => host.deleteFunction(arn),
    invoke: (arn, payload) => host.invoke(arn, payload),
    invokeStreaming: (arn, payload) => host.invokeStreaming(arn, payload),
    environments: (arn) => host.environments(arn),
    environmentsAt: (arn) => host.environmentsAt(arn),
    close: () => host.close(),
  };
}
