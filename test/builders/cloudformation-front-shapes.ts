/** How stacks and their change sets look in CloudFormation's answers. */
import { type Answer, element, leaves, list, ok, refused } from './cloudformation-front-answers.ts';

/** Which stack a call is about. */
export interface StackCall {
  /** Such as `ExecuteChangeSet`. */
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Resources?: Readonly<Record<string, { readonly Type: string }>>;
}

export interface Submitted {
  readonly template: Template;
  readonly tags: Readonly<Record<string, string>>;
}

interface ChangeSet extends Submitted {
  readonly createdAt: string;
  /** XML of each resource that changes; empty where nothing was submitted that does not stand. */
  readonly changes: readonly string[];
}

export interface ShownStack {
  status: string;
  /** What stands. */
  submitted: Submitted;
  /** Latest first. */
  readonly events: string[];
  readonly changeSets: Map<string, ChangeSet>;
  terminationProtection: string;
}

/** When the first of all is made. */
export const BEGIN_MS = Date.parse('2026-11-21T08:00:00Z');
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export const keyOf = ({ account, region, stackName }: Omit<StackCall, 'operation'>): string =>
  `${account}/${region}/${stackName}`;
export const idOf = ({ account, region, stackName }: StackCall): string =>
  `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/1`;
/** A change set goes by its name or its id. */
export const nameOf = (parameters: URLSearchParams): string =>
  parameters.get('ChangeSetName')?.split('/').at(-1) ?? '';
export const notFound = (name: string): Answer =>
  refused(`ChangeSet [${name}] does not exist`, 'ChangeSetNotFound');

export function tagsOf(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (let index = 1; parameters.has(`Tags.member.${index}.Key`); index += 1)
    tags[parameters.get(`Tags.member.${index}.Key`) ?? ''] =
      parameters.get(`Tags.member.${index}.Value`) ?? '';
  return tags;
}

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** XML of each resource that changes. What changes beside them, as tags do, names no resource here; it is a change all the same. */
export function changesOf(standing: Submitted, submitted: Submitted): readonly string[] {
  if (isSame(standing, submitted)) return [];
  const [before, after] = [standing.template, submitted.template];
  const ids = new Set([...Object.keys(before.Resources ?? {}), ...Object.keys(after.Resources ?? {})]);
  const changed = [...ids].flatMap((logicalId) => {
    const [old, next] = [before.Resources?.[logicalId], after.Resources?.[logicalId]];
    if (isSame(old, next)) return [];
    const action = old === undefined ? 'Add' : next === undefined ? 'Remove' : 'Modify';
    const type = (next ?? old)?.Type ?? '';
    return [leaves({ Action: action, LogicalResourceId: logicalId, ResourceType: type })];
  });
  return changed.length > 0 ? changed : [leaves({ Action: 'Modify' })];
}

export function describedChangeSet(stack: ShownStack, name: string, call: StackCall): Answer {
  const set = stack.changeSets.get(name);
  if (set === undefined) return notFound(name);
  const outcome =
    set.changes.length > 0
      ? { Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' }
      : { Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE', StatusReason: NO_CHANGES };
  const names = { ChangeSetId: `${idOf(call)}/${name}`, ChangeSetName: name, StackId: idOf(call) };
  const changes = set.changes.map(
    (change) => leaves({ Type: 'Resource' }) + element('ResourceChange', change),
  );
  return ok(
    call.operation,
    leaves({ ...names, StackName: call.stackName, CreationTime: set.createdAt, ...outcome }) +
      list('Changes', changes),
  );
}

export function described({ status, submitted, terminationProtection }: ShownStack, call: StackCall): string {
  const parameters = Object.entries(submitted.template.Parameters ?? {});
  return (
    leaves({
      StackId: idOf(call),
      StackName: call.stackName,
      CreationTime: new Date(BEGIN_MS).toISOString(),
      StackStatus: status,
      EnableTerminationProtection: terminationProtection,
    }) +
    list(
      'Parameters',
      parameters.map(([key, { Default = '' }]) => leaves({ ParameterKey: key, ParameterValue: Default })),
    ) +
    list(
      'Tags',
      Object.entries(submitted.tags).map(([key, value]) => leaves({ Key: key, Value: value })),
    )
  );
}
