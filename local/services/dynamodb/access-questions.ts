import type { AccessQuestion } from '../../iam/access-question.ts';
import type { CallContext } from '../../service.ts';
import type { Json } from './engine.ts';
import { arnOf, resolveTable, type TableAddress } from './table-address.ts';
import { bodyOf, type Tables } from './tables.ts';

/** What a call to DynamoDB asks IAM: its action on each table, with the partition keys it touches, and the table's key. */
export async function accessQuestions(
  tables: Tables,
  context: CallContext,
): Promise<readonly AccessQuestion[] | undefined> {
  const input = bodyOf(context);
  const { operation } = context;
  if (operation === 'ListTables') {
    return [{ action: 'dynamodb:ListTables', resource: '*', account: context.account }];
  }
  const touched = await tablesOf(tables, input, context);
  return touched.flatMap(({ address, leadingKeys }) => {
    const resource = arnOf(address);
    const { account, region } = address;
    const question: AccessQuestion = {
      action: `dynamodb:${operation}`,
      resource,
      account,
      // Text that is no policy stands for none: the engine refuses to read nothing.
      policy: tables.book.policyOf(address) ?? noPolicy,
      ...(leadingKeys === undefined ? {} : { context: { 'dynamodb:LeadingKeys': leadingKeys } }),
    };
    const key = keyOf(tables, address);
    if (key === undefined || !readsOrWrites.has(operation)) return [question];
    const via = {
      'kms:ViaService': `dynamodb.${region}.amazonaws.com`,
      'kms:CallerAccount': context.account,
    };
    return [question, { action: 'kms:Decrypt', resource: key, account: ownerOf(key), context: via }];
  });
}

/** A policy that says nothing: what the table has is what the table keeps, and not what stands elsewhere. */
const noPolicy = '{"Version":"2012-10-17","Statement":[]}';

const readsOrWrites = new Set([
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
]);

interface TouchedTable {
  readonly address: TableAddress;
  /** Undefined where the call names no key. */
  readonly leadingKeys: readonly string[] | undefined;
}

async function tablesOf(tables: Tables, input: Json, context: CallContext): Promise<TouchedTable[]> {
  const batch = input.RequestItems as Json | undefined;
  if (batch !== undefined) {
    return Promise.all(
      Object.entries(batch).map(async ([name, request]) => {
        const address = resolveTable(name, context);
        return { address, leadingKeys: valuesAt(batchKeys(request), await hashNameOf(tables, address)) };
      }),
    );
  }
  const address = resolveTable(String(input.TableName ?? input.ResourceArn ?? ''), context);
  const item = (input.Item ?? input.Key) as Json | undefined;
  if (item !== undefined) {
    return [{ address, leadingKeys: valuesAt([item], await hashNameOf(tables, address)) }];
  }
  if (input.KeyConditionExpression === undefined) return [{ address, leadingKeys: undefined }];
  return [{ address, leadingKeys: queriedKeys(input, await hashNameOf(tables, address)) }];
}

function batchKeys(request: unknown): readonly Json[] {
  if (!Array.isArray(request)) return ((request as Json).Keys ?? []) as Json[];
  return (request as { PutRequest?: { Item: Json }; DeleteRequest?: { Key: Json } }[]).map(
    ({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {},
  );
}

function valuesAt(items: readonly Json[], name: string): readonly string[] {
  return items.map((item) => textOf(item[name]));
}

/** A query names its partition by an equality; expressions may call it by another name. */
function queriedKeys(input: Json, hashName: string): readonly string[] {
  const names = (input.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const values = (input.ExpressionAttributeValues ?? {}) as Json;
  const found = [...String(input.KeyConditionExpression).matchAll(/([#\w]+)\s*=\s*(:\w+)/g)];
  return found
    .filter(([, name = '']) => (names[name] ?? name) === hashName)
    .map(([, , value = '']) => textOf(values[value]));
}

const textOf = (value: unknown): string => String(Object.values((value ?? {}) as object)[0] ?? '');

async function hashNameOf(tables: Tables, address: TableAddress): Promise<string> {
  const answer = await tables.engineOf(address).call('DescribeTable', { TableName: address.table });
  const keys = (answer.body.Table as Json | undefined)?.KeySchema as { AttributeName: string }[] | undefined;
  return keys?.[0]?.AttributeName ?? '';
}

/** The customer's own key, where the table has one. */
function keyOf(tables: Tables, address: TableAddress): string | undefined {
  const { SSEDescription } = tables.book.of(address).description;
  const key = (SSEDescription as Json | undefined)?.KMSMasterKeyArn;
  return typeof key === 'string' ? key : undefined;
}

const ownerOf = (arn: string): string => arn.split(':')[4] ?? '';
