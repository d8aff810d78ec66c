import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { createDynamodbLeasePageStore } from '#adapters/aws/dynamodb-lease-page-store.ts';
import { PAGE_SLOTS } from '#core/capacity/lease-page-layout.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { describeLeasePageStore } from '../../port-suites/lease-page-store.suite.ts';

for (const engine of dynamodbEngines) {
  if (engine.skip !== undefined) {
    it.skip(`lease-page-store on ${engine.name}: ${engine.skip}`, () => undefined);
    continue;
  }
  describeLeasePageStore(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'capacity');
    return { store: createDynamodbLeasePageStore({ client, table, callMsMax: 5_000 }), close };
  });
}

it('fits a full page of leases named by requests into one write unit, and lets it vanish an hour later', async () => {
  const [dynalite] = dynamodbEngines;
  if (dynalite === undefined) throw new Error('dynalite is always there');
  const { client, close } = await dynalite.start();
  const table = await createTestTable(client, 'capacity');
  const store = createDynamodbLeasePageStore({ client, table });
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
