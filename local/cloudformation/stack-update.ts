/**
 * One creation or update of a stack, as CloudFormation does it: what is new is made and what changed is changed, in the
 * order of what needs what; then what was replaced or left the template goes. Where one step fails, all before it are undone.
 */
import { createHash } from 'node:crypto';
import { DeploymentError, wordsOf } from './deployment-error.ts';
import {
  type MadeResource,
  propertyProblems,
  type ResourceHandler,
  type ResourceRequest,
} from './resource-handler.ts';
import { inCreationOrder } from './resource-order.ts';
import { type Outside, type StackPlace, type StackScope, scopeOf } from './stack-scope.ts';
import type { Json, ResourceDefinition, Template } from './template.ts';

/** A resource of a stack that stands. */
export interface StackResource extends MadeResource {
  readonly definition: ResourceDefinition;
}

export interface Stack {
  readonly place: StackPlace;
  /** In the order in which they were made. */
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly outputs: ReadonlyMap<string, string>;
  readonly exports: ReadonlyMap<string, string>;
}

export interface StackTools<Cloud> {
  readonly handlers: ReadonlyMap<string, ResourceHandler<Cloud>>;
  readonly cloud: Cloud;
  readonly outside: Outside;
}

type Step = 'created' | 'updated' | 'replaced' | 'kept' | 'removed' | 'retained';

export interface StackChange {
  readonly logicalId: string;
  readonly type: string;
  readonly step: Step;
}

export interface UpdateTarget {
  readonly place: StackPlace;
  readonly template: Template;
  /** @default - the stack is new */
  readonly before: Stack | undefined;
  /** Throws where an export that others import would change. */
  checkExports(after: Stack['exports']): void;
}

interface Undo {
  readonly run: () => Promise<void>;
}

/** Makes a stack, or brings one that stands to a new template. @throws DeploymentError after all was undone */
export class StackUpdate<Cloud> {
  readonly changes: StackChange[] = [];
  readonly #target: UpdateTarget;
  readonly #place: StackPlace;
  readonly #template: Template;
  readonly #tools: StackTools<Cloud>;
  readonly #before: Stack | undefined;
  readonly #resources = new Map<string, StackResource>();
  readonly #undo: Undo[] = [];
  readonly #replaced: StackResource[] = [];
  readonly #scope: StackScope;

  constructor(target: UpdateTarget, tools: StackTools<Cloud>) {
    this.#target = target;
    this.#place = target.place;
    this.#template = target.template;
    this.#before = target.before;
    this.#tools = tools;
    this.#scope = scopeOf(target.place, target.template, {
      outside: tools.outside,
      resources: this.#resources,
    });
  }

  async run(): Promise<Stack> {
    const { stackName } = this.#place;
    this.#checkRules();
    const wanted = this.#template.resources.filter(({ condition }) => this.#holds(condition));
    for (const { logicalId, type } of wanted) this.#handlerOf(logicalId, type);
    try {
      for (const definition of inCreationOrder(stackName, wanted)) await this.#apply(definition);
      const ends = this.#readOutputs();
      this.#target.checkExports(ends.exports);
      await this.#cleanUp();
      return { place: this.#place, resources: this.#resources, ...ends };
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
  }

  #checkRules(): void {
    for (const { rule, assertion, description } of this.#template.rules) {
      const where = `${this.#place.stackName} ${rule}`;
      if (!this.#resolving(where, () => this.#scope.isTrue(assertion)))
        throw new DeploymentError(where, description);
    }
  }

  #holds(condition: string | undefined): boolean {
    return (
      condition === undefined ||
      this.#resolving(this.#place.stackName, () => this.#scope.isTrue({ Condition: condition }))
    );
  }

  #resolving<Value>(where: string, read: () => Value): Value {
    try {
      return read();
    } catch (error) {
      throw new DeploymentError(where, wordsOf(error), error);
    }
  }

  async #apply(definition: ResourceDefinition): Promise<void> {
    const { logicalId, type } = definition;
    const where = `${this.#place.stackName} ${logicalId}`;
    const handler = this.#handlerOf(logicalId, type);
    const properties = this.#resolving(where, () => this.#scope.resolve(definition.properties)) as Json;
    const problems = propertyProblems(handler, properties);
    if (problems.length > 0) throw new DeploymentError(where, `${type}: ${problems.join('; ')}`);
    const before = this.#before?.resources.get(logicalId);
    if (before !== undefined && before.definition.type !== type) {
      throw new DeploymentError(where, `cannot become ${type}: it is ${before.definition.type}`);
    }
    const step = stepFor(handler, before, properties);
    try {
      await this.#take(step, { definition, handler, before, properties });
    } catch (error) {
      throw new DeploymentError(where, `${type}: ${wordsOf(error)}`, error);
    }
    this.changes.push({ logicalId, type, step });
  }

  async #take(
    step: Step,
    on: {
      readonly definition: ResourceDefinition;
      readonly handler: ResourceHandler<Cloud>;
      readonly before: StackResource | undefined;
      readonly properties: Json;
    },
  ): Promise<void> {
    const { definition, handler, before, properties } = on;
    const { cloud } = this.#tools;
    const generation = step === 'replaced' ? generationOf(before) + 1 : generationOf(before);
    const request = this.#requestFor(definition, properties, generation);
    if (before !== undefined && step === 'kept') {
      this.#resources.set(definition.logicalId, { ...before, definition });
    } else if (before !== undefined && step === 'updated' && handler.update !== undefined) {
      const { update } = handler;
      let { made } = before;
      // Before it begins: what fails half-way is brought back too.
      this.#undo.push({
        run: async () => void (await update({ from: { request, made }, request: before.request }, cloud)),
      });
      made = await update({ from: before, request }, cloud);
      this.#resources.set(definition.logicalId, { definition, request, made });
    } else {
      const made = await handler.create(request, cloud);
      const resource = { definition, request, made };
      this.#resources.set(definition.logicalId, resource);
      // A thing that must not be lost stays, even where its own creation is undone.
      if (definition.deletionPolicy === 'Delete') {
        this.#undo.push({ run: () => handler.remove(resource, cloud) });
      }
      if (before !== undefined) this.#replaced.push(before);
    }
  }

  #requestFor({ logicalId }: ResourceDefinition, properties: Json, generation: number): NamedRequest {
    const { stackName, account, region } = this.#place;
    return {
      stackName,
      logicalId,
      account,
      region,
      properties,
      generation,
      nameOf: (charactersMax) => uniqueName(`${stackName}-${logicalId}`, generation, charactersMax),
    };
  }

  /** After everything new stands, so that what is undone finds the old thing where it was. */
  async #cleanUp(): Promise<void> {
    for (const resource of this.#replaced.reverse()) {
      await this.#removeUnless(resource, resource.definition.updateReplacePolicy);
    }
    const gone = [...(this.#before?.resources.values() ?? [])].filter(
      ({ definition }) => !this.#resources.has(definition.logicalId),
    );
    for (const resource of gone.reverse())
      await this.#removeUnless(resource, resource.definition.deletionPolicy);
  }

  async #removeUnless(resource: StackResource, policy: 'Delete' | 'Retain'): Promise<void> {
    const { logicalId, type } = resource.definition;
    this.changes.push({ logicalId, type, step: policy === 'Retain' ? 'retained' : 'removed' });
    if (policy === 'Retain') return;
    await this.#handlerOf(logicalId, type).remove(resource, this.#tools.cloud);
  }

  async #rollBack(): Promise<void> {
    for (const { run } of this.#undo.reverse()) await run();
  }

  #readOutputs(): Pick<Stack, 'outputs' | 'exports'> {
    const outputs = new Map<string, string>();
    const exports = new Map<string, string>();
    for (const { name, value, exportName, condition } of this.#template.outputs) {
      if (!this.#holds(condition)) continue;
      const where = `${this.#place.stackName} output ${name}`;
      const text = String(this.#resolving(where, () => this.#scope.resolve(value)));
      outputs.set(name, text);
      if (exportName === undefined) continue;
      exports.set(String(this.#resolving(where, () => this.#scope.resolve(exportName))), text);
    }
    return { outputs, exports };
  }

  #handlerOf(logicalId: string, type: string): ResourceHandler<Cloud> {
    const handler = this.#tools.handlers.get(type);
    if (handler !== undefined) return handler;
    throw new DeploymentError(
      `${this.#place.stackName} ${logicalId}`,
      `the resource type ${type} is not known`,
    );
  }
}

/** Removes a stack: the last made goes first, and what must outlive it stays. */
export async function removeStack<Cloud>(stack: Stack, tools: StackTools<Cloud>): Promise<StackChange[]> {
  const changes: StackChange[] = [];
  for (const resource of [...stack.resources.values()].reverse()) {
    const { logicalId, type, deletionPolicy } = resource.definition;
    changes.push({ logicalId, type, step: deletionPolicy === 'Retain' ? 'retained' : 'removed' });
    if (deletionPolicy === 'Delete') await tools.handlers.get(type)?.remove(resource, tools.cloud);
  }
  return changes;
}

interface NamedRequest extends ResourceRequest {
  /** How often the thing was replaced: a new one has another name. */
  readonly generation: number;
}

const generationOf = (before: StackResource | undefined): number =>
  (before?.request as NamedRequest | undefined)?.generation ?? 0;

function stepFor(
  handler: Pick<ResourceHandler<never>, 'createOnly' | 'update'>,
  before: StackResource | undefined,
  properties: Json,
): Step {
  if (before === undefined) return 'created';
  const old = before.request.properties;
  const changed = [...new Set([...Object.keys(old), ...Object.keys(properties)])].filter(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(properties[name]),
  );
  if (changed.length === 0) return 'kept';
  if (handler.update === undefined) return 'replaced';
  return changed.some((name) => handler.createOnly.includes(name)) ? 'replaced' : 'updated';
}

const hashCharacters = 12;

/** As CloudFormation's own: stack, logical id, and an ending that is nobody else's. */
function uniqueName(base: string, generation: number, charactersMax: number): string {
  const hash = createHash('sha256').update(`${base}/${generation}`).digest('hex').slice(0, hashCharacters);
  return `${base.slice(0, charactersMax - hashCharacters - 1)}-${hash.toUpperCase()}`;
}
