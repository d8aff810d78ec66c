import type { CallContext, Operation, RawAnswer } from '../../service.ts';
import type { EngineAction, EngineAnswer, Json } from './engine.ts';
import { arnOf, type TableAddress } from './table-address.ts';
import { bodyOf, rawAnswer, refuseUnsupported, type Tables } from './tables.ts';

/** Reads and writes of items. Writes to a table with replicas go through its replication. */
export function itemOperations(tables: Tables): Record<string, Operation> {
  const read =
    (action: EngineAction): Operation =>
    (_, context) =>
      readTable(tables, action, context);
  const write = (action: EngineAction, item: 'Item' | 'Key'): Operation => {
    return (_, context) => writeTable(tables, action, { context, item });
  };
  return {
    GetItem: read('GetItem'),
    Query: read('Query'),
    Scan: read('Scan'),
    PutItem: write('PutItem', 'Item'),
    UpdateItem: write('UpdateItem', 'Key'),
    DeleteItem: write('DeleteItem', 'Key'),
    BatchGetItem: (_, context) => batch(tables, 'BatchGetItem', context),
    BatchWriteItem: (_, context) => batch(tables, 'BatchWriteItem', context),
  };
}

async function readTable(tables: Tables, action: EngineAction, context: CallContext): Promise<RawAnswer> {
  const input = bodyOf(context);
  const address = tables.reach(input.TableName, context);
  refuseUnsupported(action, input);
  if (input.ConsistentRead === true) await tables.replication.whenConsistent(address);
  return rawAnswer(await tables.engineOf(address).call(action, { ...input, TableName: address.table }));
}

async function writeTable(
  tables: Tables,
  action: EngineAction,
  { context, item }: { context: CallContext; item: 'Item' | 'Key' },
): Promise<RawAnswer> {
  const { ReturnValuesOnConditionCheckFailure: wishedOnFailure, ...input } = bodyOf(context);
  const address = tables.reach(input.TableName, context);
  // A put names no key apart from its item: it is refused there, as everything that is not offered.
  refuseUnsupported(action, item === 'Key' ? input : bodyOf(context));
  const engine = tables.engineOf(address);
  const run = () => engine.call(action, { ...input, TableName: address.table });
  const answer = await tables.write(address, [input[item] as Json], run);
  if (wishedOnFailure !== 'ALL_OLD' || !isConditionLost(answer)) return rawAnswer(answer);
  const asked = { TableName: address.table, Key: input.Key, ConsistentRead: true };
  const { body } = await engine.call('GetItem', asked);
  return rawAnswer({ ...answer, body: { ...answer.body, ...body } });
}

function isConditionLost({ status, body }: EngineAnswer): boolean {
  return status === 400 && String(body.__type).endsWith('#ConditionalCheckFailedException');
}

interface TableShare {
  readonly address: TableAddress;
  /** The name under which the caller asked, for the answer. */
  readonly askedName: string;
  readonly request: unknown;
}

/** A batch may name tables of several accounts and regions: each table is its own call to its engine. */
async function batch(
  tables: Tables,
  action: 'BatchGetItem' | 'BatchWriteItem',
  context: CallContext,
): Promise<RawAnswer> {
  const input = bodyOf(context);
  refuseUnsupported(action, input);
  const requests = Object.entries((input.RequestItems ?? {}) as Json);
  const shares = requests.map(([askedName, request]) => {
    return { askedName, request, address: tables.reach(askedName, context) };
  });
  const [first] = shares;
  const places = new Set(shares.map(({ address }) => `${address.account}/${address.region}`));
  const isPlain = places.size <= 1 && shares.every(({ askedName, address }) => askedName === address.table);
  for (const { address, request } of shares)
    if ((request as Json).ConsistentRead === true) await tables.replication.whenConsistent(address);
  const isWatched = shares.some(
    ({ address }) => tables.replication.regionsOf(address).length > 0 || tables.streams.isOpen(address),
  );
  if (isPlain && (action === 'BatchGetItem' || !isWatched)) {
    return rawAnswer(await tables.engineOf(first?.address ?? context).call(action, input));
  }
  const answers: [TableShare, EngineAnswer][] = [];
  for (const share of shares) {
    const answer = await runShare(tables, action, { input, share });
    if (answer.status !== 200) return rawAnswer(answer);
    answers.push([share, answer]);
  }
  return rawAnswer({ status: 200, body: mergeAnswers(action, answers) });
}

function runShare(
  tables: Tables,
  action: 'BatchGetItem' | 'BatchWriteItem',
  { input, share }: { input: Json; share: TableShare },
): Promise<EngineAnswer> {
  const { address, request } = share;
  const run = () =>
    tables.engineOf(address).call(action, { ...input, RequestItems: { [address.table]: request } });
  if (action === 'BatchGetItem') return run();
  const writes = request as { PutRequest?: { Item: Json }; DeleteRequest?: { Key: Json } }[];
  const touched = writes.map((write) => write.PutRequest?.Item ?? write.DeleteRequest?.Key ?? {});
  return tables.write(address, touched, run);
}

function mergeAnswers(action: string, answers: readonly (readonly [TableShare, EngineAnswer])[]): Json {
  const left = action === 'BatchGetItem' ? 'UnprocessedKeys' : 'UnprocessedItems';
  const responses: Json = {};
  const unprocessed: Json = {};
  const capacity: unknown[] = [];
  for (const [{ address, askedName }, { body }] of answers) {
    const found = (body.Responses as Json | undefined)?.[address.table];
    if (found !== undefined) responses[askedName] = found;
    const rest = (body[left] as Json | undefined)?.[address.table];
    if (rest !== undefined) unprocessed[askedName] = rest;
    for (const entry of (body.ConsumedCapacity ?? []) as Json[]) {
      capacity.push(
        entry.TableName === address.table && askedName !== address.table
          ? { ...entry, TableName: arnOf(address) }
          : entry,
      );
    }
  }
  return {
    ...(action === 'BatchGetItem' ? { Responses: responses } : {}),
    [left]: unprocessed,
    ...(capacity.length === 0 ? {} : { ConsumedCapacity: capacity }),
  };
}
