/**
 * Stacks of a cloud assembly, deployed: one, some or all, in any order that their exports allow.
 *
 * Invariant: what stands is in `stacks`, and a deployment that fails leaves the stacks as they were before it.
 */
import type { AssemblyStack } from './assembly.ts';
import { DeploymentError } from './deployment-error.ts';
import type { StackPlace } from './stack-scope.ts';
import { removeStack, type Stack, type StackChange, type StackTools, StackUpdate } from './stack-update.ts';
import { readTemplate } from './template.ts';

/** What a deployment finds that no stack of it has made. */
export interface Givens {
  /** By name, in every account and region alike: `/cdk-bootstrap/hnb659fds/version`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** By `account/region/name`. */
  readonly secrets: Readonly<Record<string, string>>;
}

type Tools<Cloud> = Omit<StackTools<Cloud>, 'outside'>;

export class Deployment<Cloud> {
  readonly stacks = new Map<string, Stack>();
  readonly #tools: StackTools<Cloud>;
  /** Who imports what: an export in use cannot change. */
  readonly #importers = new Map<string, Set<string>>();

  constructor(tools: Tools<Cloud>, givens: Givens) {
    this.#tools = {
      ...tools,
      outside: {
        exportOf: (place, name) => this.#exportOf(place, name),
        parameter: (place, name) => parameterOf(givens, place, name),
        dynamicReference: (place, reference) => secretOf(givens, place, reference),
      },
    };
  }

  /** Creates or updates one stack. @throws DeploymentError; then nothing has changed */
  async deploy(stack: AssemblyStack): Promise<readonly StackChange[]> {
    const { stackName, account, region, template } = stack;
    const place = { stackName, account, region };
    const key = keyOf(place);
    const before = this.stacks.get(key);
    const checkExports = (exports: Stack['exports']) => this.#checkExports(before, exports);
    const target = { place, template: readTemplate(stackName, template), before, checkExports };
    const update = new StackUpdate(target, this.#tools);
    const after = await update.run();
    this.stacks.set(key, after);
    return update.changes;
  }

  /** @throws DeploymentError where another stack imports from it */
  async remove({ stackName, account, region }: StackPlace): Promise<readonly StackChange[]> {
    const key = keyOf({ stackName, account, region });
    const stack = this.stacks.get(key);
    if (stack === undefined) throw new DeploymentError(stackName, 'there is no such stack');
    this.#checkExports(stack, new Map());
    const changes = await removeStack(stack, this.#tools);
    this.stacks.delete(key);
    for (const importers of this.#importers.values()) importers.delete(key);
    return changes;
  }

  #exportOf(place: StackPlace, name: string): string | undefined {
    for (const { place: other, exports } of this.stacks.values()) {
      const value = exports.get(name);
      if (value === undefined || other.account !== place.account || other.region !== place.region) continue;
      const known = this.#importers.get(exportKey(place, name)) ?? new Set();
      this.#importers.set(exportKey(place, name), known.add(keyOf(place)));
      return value;
    }
    return undefined;
  }

  #checkExports(before: Stack | undefined, after: Stack['exports']): void {
    if (before === undefined) return;
    for (const [name, value] of before.exports) {
      if (after.get(name) === value) continue;
      const [importer] = this.#importers.get(exportKey(before.place, name)) ?? [];
      if (importer === undefined) continue;
      throw new DeploymentError(before.place.stackName, `the export ${name} is in use by ${importer}`);
    }
  }
}

const keyOf = ({ stackName, account, region }: StackPlace): string => `${account}/${region}/${stackName}`;
const exportKey = ({ account, region }: StackPlace, name: string): string => `${account}/${region}/${name}`;

function parameterOf({ parameters }: Givens, { stackName }: StackPlace, name: string): string {
  const value = parameters[name];
  if (value !== undefined) return value;
  throw new Error(`${stackName} wants the parameter ${name}, which is not there`);
}

/** `secretsmanager:<name>:SecretString:<member>:<stage>:<version>`; the last three are empty or absent. */
function secretOf({ secrets }: Givens, { account, region }: StackPlace, reference: string): string {
  const [, name, member = ''] = /^secretsmanager:([^:]+):SecretString:?([^:]*):?:?$/.exec(reference) ?? [];
  if (name === undefined) throw new Error(`the dynamic reference ${reference} is not known`);
  const secret = secrets[`${account}/${region}/${name}`];
  if (secret === undefined) throw new Error(`there is no secret ${name} in ${account} ${region}`);
  if (member === '') return secret;
  const value = (JSON.parse(secret) as Record<string, unknown>)[member];
  if (typeof value !== 'string') throw new Error(`the secret ${name} has no member ${member}`);
  return value;
}
