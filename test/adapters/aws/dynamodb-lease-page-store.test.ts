import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamodbLeasePageStore } from '#adapters/aws/dynamodb-lease-page-store.ts';
import { overdueOn, type PageAdmission } from '#core/capacity/lease-page.ts';
import { PAGE_SLOTS } from '#core/capacity/lease-page-layout.ts';
import { createTestTable, dynamodbEngines, PATIENT_CALL_MS_MAX } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
import { describeLeasePageStore } from '../../port-suites/lease-page-store.suite.ts';

onEveryEngine('lease-page-store', (engine) => {
  describeLeasePageStore(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'capacity');
    return { store: createDynamodbLeasePageStore({ client, table, callMsMax: 5_000 }), close };
  });
});

it('fits a full page of leases named by requests into one write unit, and lets it vanish an hour later', async () => {
  const [dynalite] = dynamodbEngines;
  if (dynalite === undefined) throw new Error('dynalite is always there');
  const { client, close } = await dynalite.start();
  const table = await createTestTable(client, 'capacity');
  const store = createDynamodbLeasePageStore({ client, table, callMsMax: PATIENT_CALL_MS_MAX });
  const expiresAt = Date.UTC(2026, 10, 21, 8);
  const key = `222222222222/eu-central-1/${'a-long-model-name'.repeat(3)}#0`;
  for (let index = 0; index < PAGE_SLOTS; index += 1) {
    const leaseId = `${index}`.padStart(39, 'f');
    const room = { slots: PAGE_SLOTS, kvTokens: undefined };
    await store.admit(key, { lease: { leaseId, expiresAt, kvTokens: 0 }, room, removed: [] });
  }
  const Key = { targetPage: { S: key }, item: { S: 'leases' } };
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
  expect(Object.keys(Item?.leases?.M ?? {})).toHaveLength(PAGE_SLOTS);
  expect(Item?.expiresAt?.N).toBe(String(expiresAt / 1000 + 3_600));
  const touched = await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key,
      UpdateExpression: 'SET kvTokens = kvTokens',
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  expect(touched.ConsumedCapacity?.CapacityUnits).toBe(1);
  await close();
});

describe('a page that something else wrote to', () => {
  const at = Date.UTC(2026, 10, 21, 8);
  const number = (value: number): AttributeValue => ({ N: String(value) });
  const lease = (expiresAt: number, kvTokens = 0): AttributeValue => ({
    L: kvTokens === 0 ? [number(expiresAt)] : [number(expiresAt), number(kvTokens)],
  });
  const year9999 = Date.UTC(9999, 0, 1);
  const crowd = Array.from({ length: 600 }, (_, index) => [`old-${index}`, lease(1)] as const);
  const pages: readonly (readonly [string, Record<string, AttributeValue>])[] = [
    ['leases that never end', { leases: { M: { a: lease(year9999), b: lease(year9999) } } }],
    ['leases that ended before all time', { leases: { M: { a: lease(-5), b: lease(-5) } } }],
    ['leases that are texts', { leases: { M: { a: { S: 'x' }, b: { L: [{ S: 'now' }] } } } }],
    ['one that is no lease among lapsed ones', { leases: { M: { a: { S: 'x' }, b: lease(1) } } }],
    ['a text for leases', { leases: { S: 'nobody' } }],
    ['no sum of tokens', { leases: { M: {} } }],
    ['a text for a sum', { leases: { M: {} }, kvTokens: { S: 'many' } }],
    ['a sum that is not theirs', { leases: { M: { a: lease(1, 10) } }, kvTokens: number(1e30) }],
    ['tokens below nothing', { leases: { M: { a: lease(at, -1e9), b: lease(1) } }, kvTokens: number(-1e9) }],
    ['hundreds that lapsed', { leases: { M: Object.fromEntries(crowd) }, kvTokens: number(0) }],
  ];

  async function openPage(page: Record<string, AttributeValue>) {
    const [dynalite] = dynamodbEngines;
    if (dynalite === undefined) throw new Error('dynalite is always there');
    const { client, close } = await dynalite.start();
    const TableName = await createTestTable(client, 'capacity');
    const item = { kvTokens: number(0), ...page };
    if (
      page.leases?.M !== undefined &&
      Object.keys(page.leases.M).length === 0 &&
      page.kvTokens === undefined
    )
      Reflect.deleteProperty(item, 'kvTokens');
    await client.send(
      new PutItemCommand({
        TableName,
        Item: { targetPage: { S: 'poisoned#0' }, item: { S: 'leases' }, ...item },
      }),
    );
    const store = createDynamodbLeasePageStore({ client, table: TableName, callMsMax: 5_000 });
    /** As a ledger asks. */
    const admit = async (leaseId: string, kvTokens: number) => {
      const lease = { leaseId, kvTokens, expiresAt: at + 24_000 };
      const ask = (removed: PageAdmission['removed']) =>
        store.admit('poisoned#0', { lease, room: { slots: 2, kvTokens: 100 }, removed });
      const first = await ask([]);
      return first.applied ? first : ask(overdueOn(first.page, at).slice(0, 32));
    };
    return { admit, close };
  }

  it.each(pages)('lends its slots again: %s', async (_, page) => {
    const { admit, close } = await openPage(page);
    const answers = [];
    // Each time that it refuses somebody it is mended by some.
    for (let ask = 0; ask < 8; ask += 1) answers.push(await admit(`lease-${ask}`, 40));
    expect(answers.filter(({ applied }) => applied)).toHaveLength(2);
    expect(answers.at(-1)).toMatchObject({ applied: false, page: { leases: { size: 2 } } });
    await close();
  });

  it('keeps what others hold there', async () => {
    const held = at + 3_000;
    const leases = { honest: lease(held, 30), never: lease(year9999, 70) };
    const { admit, close } = await openPage({ leases: { M: leases }, kvTokens: number(100) });
    expect(await admit('mine', 70)).toEqual({ applied: true });
    const refused = await admit('next', 1);
    expect(refused).toEqual({
      applied: false,
      page: {
        leases: new Map([
          ['honest', { expiresAt: held, kvTokens: 30 }],
          ['mine', { expiresAt: at + 24_000, kvTokens: 70 }],
        ]),
      },
    });
    await close();
  });
});
