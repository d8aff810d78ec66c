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
  /** Published so far: numbers are never given again. */
  versions: number;
}

interface FunctionAlias {
  /** ARN of the published version. */
  versionArn: string;
  /** Environments that stand ready in it. */
  ready: number;
  calls: number;
}

export class FunctionBook {
  readonly host: LambdaHost;
  readonly #awsUrl: string;
  readonly #access: ServiceAccess;
  readonly #functions = new Map<string, DeployedFunction>();
  readonly #aliases = new Map<string, FunctionAlias>();
  readonly #running = new Set<Promise<void>>();

  /** @param awsUrl the stand-in's origin, where dead letters go */
  constructor(host: LambdaHost, awsUrl: string, access: ServiceAccess) {
    this.#awsUrl = awsUrl;
    this.#access = access;
    this.host = {
      ...bound(host),
      environments: (arn) => host.environments(this.#runs(arn)),
      environmentsAt: (arn) => host.environmentsAt(this.#runs(arn)),
      invoke: async (arn, payload) => {
        const answer = await this.#counted(arn, () => host.invoke(this.#runs(arn), payload));
        if (answer.functionError !== undefined) this.#failed(arn, answer.payload.toString());
        return answer;
      },
      invokeStreaming: async (arn, payload) => {
        const answer = await this.#counted(arn, () => host.invokeStreaming(this.#runs(arn), payload));
        if (answer.kind === 'failed') this.#failed(arn, JSON.stringify(answer.error));
        return answer;
      },
    };
  }

  create(spec: FunctionSpec, settings: FunctionSettings): string {
    const arn = this.host.createFunction(spec);
    const calls = { count: 0, failures: 0, lastError: '' };
    this.#functions.set(arn, { spec, settings, retries: retriesDefault, calls, versions: 0 });
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

  /** What the function is now, for good. @returns the version's number */
  publish(arn: string): string {
    const found = this.find(arn);
    found.versions += 1;
    const version = String(found.versions);
    this.host.createFunction({ ...found.spec, version });
    return version;
  }

  removeVersion(arn: string): Promise<void> {
    return this.host.deleteFunction(arn);
  }

  /** Makes an alias, or leads one on to another version when as many environments stand ready there. */
  async setAlias(arn: string, versionArn: string): Promise<void> {
    this.host.environments(versionArn);
    const before = this.#aliases.get(arn);
    if (before !== undefined && before.versionArn !== versionArn)
      await this.host.prepare(versionArn, before.ready);
    this.#aliases.set(arn, { ready: 0, calls: 0, ...before, versionArn });
  }

  removeAlias(arn: string): void {
    this.#aliases.delete(arn);
  }

  /** Undefined where there is no such alias. */
  alias(arn: string): Readonly<FunctionAlias> | undefined {
    return this.#aliases.get(arn);
  }

  /** Keeps environments ready behind an alias. @throws an Error where there is no such alias, or one does not start */
  async keepReady(aliasArn: string, count: number): Promise<void> {
    const alias = this.#aliases.get(aliasArn);
    if (alias === undefined) throw new Error(`ResourceNotFoundException: there is no alias ${aliasArn}`);
    await this.host.prepare(alias.versionArn, Math.max(0, count - alias.ready));
    alias.ready = count;
  }

  /** What runs for an ARN: a version for its alias, else itself. */
  #runs(arn: string): string {
    return this.#aliases.get(arn)?.versionArn ?? arn;
  }

  /** By its ARN, its alias' or version's, or by its name in a place. @throws an Error where there is none */
  find(nameOrArn: string, place?: { readonly account: string; readonly region: string }): DeployedFunction {
    const arn = this.arnOf(nameOrArn, place);
    const isNamed = arn === unqualified(arn) || this.#aliases.has(arn);
    const found = isNamed ? this.#functions.get(unqualified(arn)) : undefined;
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
    const found = this.#functions.get(unqualified(arn));
    const calls = found?.calls;
    const alias = this.#aliases.get(arn);
    if (alias !== undefined) alias.calls += 1;
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
    const calls = this.#functions.get(unqualified(arn))?.calls;
    if (calls === undefined) return;
    calls.failures += 1;
    calls.lastError = error;
  }
}

/** Without the alias or version at its end. */
const unqualified = (arn: string): string => arn.split(':').slice(0, 7).join(':');

/** Methods of a class live on its prototype: a copy needs each by its name. */
function bound(host: LambdaHost): LambdaHost {
  return {
    createFunction: (spec) => host.createFunction(spec),
    updateFunction: (spec) => host.updateFunction(spec),
    prepare: (arn, count) => host.prepare(arn, count),
    deleteFunction: (arn) => host.deleteFunction(arn),
    invoke: (arn, payload) => host.invoke(arn, payload),
    invokeStreaming: (arn, payload) => host.invokeStreaming(arn, payload),
    environments: (arn) => host.environments(arn),
    environmentsAt: (arn) => host.environmentsAt(arn),
    close: () => host.close(),
  };
}
