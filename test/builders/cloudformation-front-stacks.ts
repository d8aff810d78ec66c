/**
 * Stacks as CloudFormation's query API shows them to `cdk deploy`: change sets, templates, statuses and events, before local/cloudformation.
 *
 * Invariant: a change set is carried out within the call that asks for it, so that whoever asks next finds how it ended.
 */
import type { Cloud } from '#local/cloudformation/cloud.ts';
import type { Deployment } from '#local/cloudformation/deployment.ts';
import { DeploymentError } from '#local/cloudformation/deployment-error.ts';
import { type Answer, leaves, list, ok, refused } from './cloudformation-front-answers.ts';
import {
  BEGIN_MS,
  changesOf,
  described,
  describedChangeSet,
  idOf,
  keyOf,
  nameOf,
  notFound,
  type ShownStack,
  type StackCall,
  type Submitted,
  type Template,
  tagsOf,
} from './cloudformation-front-shapes.ts';

const MS_PER_SECOND = 1_000;
const NOTHING: Submitted = { template: {}, tags: {} };

/** A resource, and what became of it. */
interface Failure {
  readonly logicalId: string;
  readonly type: string;
  readonly why: string;
}

export class FrontStacks {
  readonly #deployment: Deployment<Cloud>;
  /** What was published under the address of a template. */
  readonly #published: (url: string) => string | undefined;
  readonly #stacks = new Map<string, ShownStack>();
  #ticks = 0;

  constructor(deployment: Deployment<Cloud>, published: (url: string) => string | undefined) {
    this.#deployment = deployment;
    this.#published = published;
  }

  /** Shows a stack in this status, as if somebody else were changing it. */
  show(place: Omit<StackCall, 'operation'>, status: string): void {
    const stack = this.#stacks.get(keyOf(place));
    if (stack === undefined) throw new Error(`there is no stack ${keyOf(place)}`);
    stack.status = status;
  }

  async answer(parameters: URLSearchParams, call: StackCall): Promise<Answer> {
    if (call.operation === 'CreateChangeSet') return this.#submit(parameters, call);
    const stack = this.#stacks.get(keyOf(call));
    if (stack === undefined) return refused(`Stack with id ${call.stackName} does not exist`);
    const name = nameOf(parameters);
    switch (call.operation) {
      case 'DescribeStacks':
        return ok(call.operation, list('Stacks', [described(stack, call)]));
      case 'GetTemplate':
        return ok(call.operation, leaves({ TemplateBody: JSON.stringify(stack.submitted.template) }));
      case 'UpdateTerminationProtection':
        stack.terminationProtection = parameters.get('EnableTerminationProtection') ?? '';
        return ok(call.operation, leaves({ StackId: idOf(call) }));
      case 'DescribeStackEvents':
        return ok(call.operation, list('StackEvents', stack.events));
      case 'DescribeChangeSet':
        return describedChangeSet(stack, name, call);
      case 'DeleteChangeSet':
        // One that is not there is deleted as well.
        stack.changeSets.delete(name);
        return ok(call.operation, '');
      case 'ExecuteChangeSet':
        return await this.#execute(stack, name, call);
      default:
        return refused(`${call.operation} has no answer here`, 'InvalidAction');
    }
  }

  #submit(parameters: URLSearchParams, call: StackCall): Answer {
    const url = parameters.get('TemplateURL') ?? '';
    const text = this.#published(url);
    if (text === undefined) return refused(`no template was published as ${url}`);
    const stack = this.#stackFor(call);
    if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS')
      return refused(`Stack:${idOf(call)} is in ${stack.status} state and can not be updated.`);
    const submitted = { template: JSON.parse(text) as Template, tags: tagsOf(parameters) };
    const changes = changesOf(stack.submitted, submitted);
    const name = nameOf(parameters);
    stack.changeSets.set(name, { ...submitted, changes, createdAt: this.#tick() });
    return ok(call.operation, leaves({ Id: `${idOf(call)}/${name}`, StackId: idOf(call) }));
  }

  #stackFor(call: StackCall): ShownStack {
    const stack = this.#stacks.get(keyOf(call)) ?? {
      status: 'REVIEW_IN_PROGRESS',
      submitted: NOTHING,
      events: [],
      changeSets: new Map(),
      terminationProtection: 'false',
    };
    this.#stacks.set(keyOf(call), stack);
    return stack;
  }

  async #execute(stack: ShownStack, name: string, call: StackCall): Promise<Answer> {
    const set = stack.changeSets.get(name);
    if (set === undefined) return notFound(name);
    const { template, tags } = set;
    const { stackName, account, region } = call;
    const [done, undone] =
      stack.status === 'REVIEW_IN_PROGRESS' ? ['CREATE', 'ROLLBACK'] : ['UPDATE', 'UPDATE_ROLLBACK'];
    const note = (status: string, on?: Failure): void => {
      stack.status = on === undefined ? status : stack.status;
      stack.events.unshift(this.#event(call, status, on));
    };
    note(`${done}_IN_PROGRESS`);
    try {
      const target = { stackName, account, region, id: stackName, tags, dependencies: [], template };
      await this.#deployment.deploy(target);
      stack.submitted = { template, tags };
      note(`${done}_COMPLETE`);
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      note(`${done}_FAILED`, failureOf(error, template));
      note(`${undone}_IN_PROGRESS`);
      note(`${undone}_COMPLETE`);
    }
    stack.changeSets.clear();
    return ok(call.operation, '');
  }

  #event(call: StackCall, status: string, on?: Failure): string {
    const timestamp = this.#tick();
    return leaves({
      EventId: `${call.stackName}-${this.#ticks}`,
      StackId: idOf(call),
      StackName: call.stackName,
      LogicalResourceId: on?.logicalId ?? call.stackName,
      PhysicalResourceId: on?.logicalId ?? idOf(call),
      ResourceType: on?.type ?? 'AWS::CloudFormation::Stack',
      ResourceStatus: status,
      Timestamp: timestamp,
      ...(on === undefined ? {} : { ResourceStatusReason: on.why }),
    });
  }

  /** Every event is later than the one before. */
  #tick(): string {
    this.#ticks += 1;
    return new Date(BEGIN_MS + this.#ticks * MS_PER_SECOND).toISOString();
  }
}

function failureOf({ where, message }: DeploymentError, { Resources = {} }: Template): Failure {
  const logicalId = where.split(' ')[1] ?? '';
  return { logicalId, type: Resources[logicalId]?.Type ?? '', why: message };
}
