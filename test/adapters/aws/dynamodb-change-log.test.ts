import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { createDynamodbChangeLog } from '#adapters/aws/dynamodb-change-log.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
import { describeChangeLog } from '../../port-suites/change-log.suite.ts';

onEveryEngine('change-log', (engine) => {
  describeChangeLog(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'observations');
    return { log: createDynamodbChangeLog({ client, table }), close };
  });

  it('counts what cannot be read, says of what and when, and never serves it', async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'observations');
    const log = createDynamodbChangeLog({ client, table });
    const place = { account: '111111111111', region: 'us-east-1' };
    const put = (sort: string, item: Readonly<Record<string, unknown>>) =>
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ accountRegion: '111111111111#us-east-1', item: sort, ...item }),
        }),
      );
    const good = { target: 'a', from: 'available', to: 'legacy', reasons: [], at: 3_000 } as const;
    await log.append(place, [good]);
    await put('change#1970-01-01T00:00:01.000Z#a', { ...good, at: 1_000, to: 'a state of tomorrow' });
    await put('change#1970-01-01T00:00:02.000Z#b', { ...good, at: 2_000 });
    await put('change#soon#c', good);
    await put('heartbeat', { at: 9_000 });
    expect(await log.load(place, { since: 0, limit: 10 })).toEqual({
      changes: [good],
      unreadable: [
        { target: 'b', at: 2_000 },
        { target: 'a', at: 1_000 },
      ],
      badItems: 3,
      whole: true,
    });
    await close();
  });
});
