import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamodbControlStore } from '#adapters/aws/dynamodb-control-store.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine, useOneEngine } from '#test/builders/on-every-engine.ts';
import { describeControlStore } from '../../port-suites/control-store.suite.ts';

const regions = ['us-east-1', 'us-west-2'];
const now = Date.UTC(2026, 10, 21, 8);
const clock = { now: () => now };

onEveryEngine('a control store', (engine) => {
  describeControlStore(engine.name, async () => {
    const { client, close } = await engine.start();
    return {
      open: async ([one, other]) => {
        const table = await createTestTable(client, 'controls');
        const open = (region: string) =>
          createDynamodbControlStore({ client, table, region, regions, clock });
        return [open(one), open(other)];
      },
      close,
    };
  });
});

describe('items of the strongly consistent set', () => {
  const engine = useOneEngine();
  const word = (target: string, days: number) => ({
    target,
    by: 'ada',
    reason: 'r',
    until: new Date(now + days * 86_400_000).toISOString(),
  });
  const itemsOf = async (table: string, region: string) => {
    const { Items = [] } = await engine.client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: '#region = :region',
        ExpressionAttributeNames: { '#region': 'region' },
        ExpressionAttributeValues: { ':region': { S: region } },
      }),
    );
    return Items.map((item) => unmarshall(item));
  };

  it('stand in the partition of the region that said them, and have no time to live', async () => {
    const table = await engine.createTable('controls');
    const store = createDynamodbControlStore({
      client: engine.client,
      table,
      region: 'us-east-1',
      regions,
      clock,
    });
    await store.saveDisabled(word('a', 1));
    await store.saveHold({
      model: 'chat',
      residency: 'us',
      by: 'ada',
      reason: 'r',
      until: word('a', 1).until,
    });
    expect(await itemsOf(table, 'us-east-1')).toEqual([
      { region: 'us-east-1', item: 'disabled#a', disabled: word('a', 1) },
      {
        region: 'us-east-1',
        item: 'hold#chat#us',
        hold: { model: 'chat', residency: 'us', by: 'ada', reason: 'r', until: word('a', 1).until },
      },
    ]);
  });

  it('that ended a week ago are cleared away by the next word of their region, and no other', async () => {
    const table = await engine.createTable('controls');
    const open = (region: string) =>
      createDynamodbControlStore({ client: engine.client, table, region, regions, clock });
    const put = (item: Record<string, unknown>) =>
      engine.client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
    await put({ region: 'us-west-2', item: 'disabled#theirs', disabled: word('theirs', -8) });
    await put({ region: 'us-east-1', item: 'disabled#odd' });
    for (const [target, days] of [
      ['old', -8],
      ['late', -6],
      ['new', 1],
    ] as const)
      await open('us-east-1').saveDisabled(word(target, days));
    expect((await itemsOf(table, 'us-east-1')).map(({ item }) => item)).toEqual([
      'disabled#late',
      'disabled#new',
      'disabled#odd',
    ]);
    expect(await itemsOf(table, 'us-west-2')).toHaveLength(1);
  });

  it('are not cleared away where one of them is said anew meanwhile', async () => {
    const table = await engine.createTable('controls');
    const parts = { table, region: 'us-east-1', regions, clock };
    const other = createDynamodbControlStore({ ...parts, client: engine.client });
    const old = { region: 'us-east-1', item: 'disabled#old', disabled: word('old', -8) };
    await engine.client.send(new PutItemCommand({ TableName: table, Item: marshall(old) }));
    const [read, saidAnew] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const client = Object.create(engine.client, {
      send: {
        value: async (call: unknown, ...rest: readonly []) => {
          const answer = await engine.client.send(call as QueryCommand, ...rest);
          if (!(call instanceof QueryCommand)) return answer;
          read.resolve();
          await saidAnew.promise;
          return answer;
        },
      },
    });
    const clearing = createDynamodbControlStore({ ...parts, client }).saveDisabled(word('b', 1));
    await read.promise;
    await other.saveDisabled(word('old', 1));
    saidAnew.resolve();
    await clearing;
    expect((await other.loadDisabled()).map(({ target }) => target)).toEqual(['b', 'old']);
  });
});
