import type { CallContext, Operation, RawAnswer } from '../../service.ts';
import { InvalidInput, WireError } from '../../wire/wire-error.ts';
import type { Json } from './engine.ts';
import { newRevision } from './policy-operations.ts';
import { checkPolicy } from './resource-policy.ts';
import { globalTableUpdates } from './strong-consistency.ts';
import type { TableAddress } from './table-address.ts';
import { bodyOf, rawAnswer, refuseUnsupported, type Tables } from './tables.ts';

/** Settings that the engine has no place for and that change no answer but the description. */
const described = [
  'StreamSpecification',
  'SSESpecification',
  'TableClass',
  'OnDemandThroughput',
  'WarmThroughput',
];

/** Life and settings of tables. */
export function tableOperations(tables: Tables): Record<string, Operation> {
  return {
    CreateTable: (_, context) => createTable(tables, context),
    UpdateTable: (_, context) => updateTable(tables, context),
    DeleteTable: (_, context) => deleteTable(tables, context),
    DescribeTable: async (_, context) => {
      const address = tables.reach(bodyOf(context).TableName, context);
      return rawAnswer({ status: 200, body: { Table: await tables.describe(address) } });
    },
    ListTables: async (_, context) =>
      rawAnswer(await tables.engineOf(context).call('ListTables', bodyOf(context))),
    TagResource: (_, context) => tagged(tables, 'TagResource', context),
    UntagResource: (_, context) => tagged(tables, 'UntagResource', context),
    ListTagsOfResource: (_, context) => tagged(tables, 'ListTagsOfResource', context),
  };
}

async function createTable(tables: Tables, context: CallContext): Promise<RawAnswer> {
  const { Tags, ResourcePolicy, DeletionProtectionEnabled, ...input } = bodyOf(context);
  const address = tables.reach(input.TableName, context);
  const { kept, rest } = takeDescribed(input);
  refuseUnsupported('CreateTable', rest);
  if (typeof ResourcePolicy === 'string') {
    const problems = checkPolicy(ResourcePolicy, tables.isGuarded);
    if (problems.length > 0) throw new InvalidInput(problems);
  }
  const engine = tables.engineOf(address);
  const answer = await engine.call('CreateTable', { ...rest, TableName: address.table });
  if (answer.status !== 200) return rawAnswer(answer);
  tables.book.forget(address);
  const settings = tables.book.of(address);
  settings.description = kept;
  settings.deletionProtected = DeletionProtectionEnabled === true;
  if (typeof ResourcePolicy === 'string') {
    settings.policy = { text: ResourcePolicy, revisionId: newRevision() };
  }
  const description = answer.body.TableDescription as Json;
  if (Array.isArray(Tags) && Tags.length > 0) {
    await engine.call('TagResource', { ResourceArn: description.TableArn, Tags });
  }
  return rawAnswer({ status: 200, body: { TableDescription: tables.decorate(address, description) } });
}

async function updateTable(tables: Tables, context: CallContext): Promise<RawAnswer> {
  const {
    ReplicaUpdates: replicas,
    GlobalTableWitnessUpdates: witnesses,
    MultiRegionConsistency: consistency,
    DeletionProtectionEnabled,
    ...input
  } = bodyOf(context);
  const address = tables.reach(input.TableName, context);
  await tables.describe(address);
  const { kept, rest } = takeDescribed(input);
  refuseUnsupported('UpdateTable', rest);
  refuseIndexChanges(rest);
  if (Object.keys(rest).length > 1) {
    const answer = await tables.engineOf(address).call('UpdateTable', { ...rest, TableName: address.table });
    if (answer.status !== 200) return rawAnswer(answer);
  }
  const settings = tables.book.of(address);
  settings.description = { ...settings.description, ...kept };
  if (typeof DeletionProtectionEnabled === 'boolean') settings.deletionProtected = DeletionProtectionEnabled;
  await globalTableUpdates(tables, address, {
    consistency,
    replicas: (replicas ?? []) as Json[],
    witnesses: (witnesses ?? []) as Json[],
  });
  return rawAnswer({ status: 200, body: { TableDescription: await tables.describe(address) } });
}

/** The engine takes index creation and deletion and does nothing. */
function refuseIndexChanges({ GlobalSecondaryIndexUpdates: updates }: Json): void {
  if (!Array.isArray(updates)) return;
  if (updates.every((update: Json) => update.Create === undefined && update.Delete === undefined)) return;
  throw new InvalidInput([
    'adding or removing an index of an existing table is not offered by the local AWS',
  ]);
}

async function deleteTable(tables: Tables, context: CallContext): Promise<RawAnswer> {
  const address = tables.reach(bodyOf(context).TableName, context);
  if (tables.book.of(address).deletionProtected) {
    const message = 'Resource cannot be deleted as it is currently protected against deletion.';
    throw new WireError('ValidationException', 400, message);
  }
  const answer = await tables.engineOf(address).call('DeleteTable', { TableName: address.table });
  if (answer.status === 200) forget(tables, address);
  return rawAnswer(answer);
}

function forget(tables: Tables, address: TableAddress): void {
  tables.replication.leave(address);
  tables.book.forget(address);
}

async function tagged(
  tables: Tables,
  action: 'TagResource' | 'UntagResource' | 'ListTagsOfResource',
  context: CallContext,
): Promise<RawAnswer> {
  const input = bodyOf(context);
  const address = tables.reach(input.ResourceArn, context);
  await tables.describe(address);
  return rawAnswer(await tables.engineOf(address).call(action, input));
}

function takeDescribed(input: Json): { kept: Json; rest: Json } {
  const given = described.filter((name) => input[name] !== undefined && input[name] !== null);
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !described.includes(name)));
  const kept: Json = {};
  for (const name of given) Object.assign(kept, describeSetting(name, input[name] as Json));
  return { kept, rest };
}

function describeSetting(name: string, value: Json | string): Json {
  if (name === 'SSESpecification') {
    const { Enabled, KMSMasterKeyId: key } = value as Json;
    const named = key === undefined ? {} : { KMSMasterKeyArn: key };
    return Enabled === true ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', ...named } } : {};
  }
  return name === 'TableClass' ? { TableClassSummary: { TableClass: value } } : { [name]: value };
}
