import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine, useOneEngine } from '#test/builders/on-every-engine.ts';
import { plainTarget, sealedRoute } from '#test/builders/routes.ts';
import { describeRouteStore } from '../../port-suites/route-store.suite.ts';

const settings = {
  models: ['chat', 'embed'],
  region: 'us-east-1',
  regions: ['us-east-1', 'eu-central-1'],
  digest: cryptoDigest,
};

onEveryEngine('a route store', (engine) => {
  describeRouteStore(engine.name, async () => {
    const { client, close } = await engine.start();
    return {
      open: async () =>
        createDynamodbRouteStore({ ...settings, client, table: await createTestTable(client, 'routes') }),
      close,
    };
  });
});

describe('the routes table', () => {
  const engine = useOneEngine();

  const openTable = async () => {
    const table = await engine.createTable('routes');
    const put = (item: object) =>
      engine.client.send(
        new PutItemCommand({ TableName: table, Item: marshall(item, { removeUndefinedValues: true }) }),
      );
    return { put, store: createDynamodbRouteStore({ ...settings, client: engine.client, table }) };
  };

  it('never serves an item of another schema, a wrong shape or a wrong checksum, and says which it was', async () => {
    const { store, put } = await openTable();
    await put({ ...sealedRoute(3, { residency: 'newer' }), schema: 2 });
    await put({ ...sealedRoute(4, { residency: 'bent' }), targets: 'none' });
    await put({ ...sealedRoute(5, { residency: 'forged' }), targets: [plainTarget('eu-central-1')] });
    await put({ model: 'chat', residency: 'empty' });
    await store.publish(sealedRoute(1, { residency: 'good' }));
    const { routes, badItems, bad } = await store.loadAll();
    expect(routes.map((route) => route.residency)).toEqual(['good']);
    expect(badItems).toBe(4);
    expect(bad?.map(({ residency, why, version }) => [residency, why, version]).sort()).toEqual([
      ['bent', 'shape', 4],
      ['empty', 'shape', undefined],
      ['forged', 'checksum', 5],
      ['newer', 'schema', 3],
    ]);
    expect(await store.load('chat', 'forged')).toBeUndefined();
  });

  it('takes an item that a later product wrote with more members, and proves it whole', async () => {
    const { store, put } = await openTable();
    const { canonicalJson } = await import('#core/plan/canonical-json.ts');
    const { checksum: _, ...content } = { ...sealedRoute(1), hint: { from: 'the future' } };
    await put({ ...content, checksum: cryptoDigest.sha256Hex(canonicalJson(content)) });
    expect((await store.load('chat', 'us'))?.version).toBe(1);
  });

  it('shows the standing version in the history even when its publisher died before writing it there', async () => {
    const { store, put } = await openTable();
    await store.publish(sealedRoute(1));
    await put(sealedRoute(2));
    expect((await store.loadHistory('chat', 'us')).map((route) => route.version)).toEqual([2, 1]);
    await store.publish(sealedRoute(3));
    expect((await store.loadHistory('chat', 'us')).map((route) => route.version)).toEqual([3, 2, 1]);
  });

  it('holds 128 targets far below the 400 KB of an item', async () => {
    const { store } = await openTable();
    const targets = Array.from({ length: 128 }, (_, index) =>
      plainTarget('ap-southeast-2', {
        id: `111111111111/ap-southeast-2/provider.quite-a-long-model-name-${index}-v1:0`,
        reach: Array.from({ length: 12 }, (_unused, each) => `ap-southeast-${each}`),
        capabilities: { input: ['TEXT', 'IMAGE', 'VIDEO'], output: ['TEXT'], streaming: true, tools: true },
        pricing: { inputMicroUsdPerMillionTokens: 3_300_000, outputMicroUsdPerMillionTokens: 16_500_000 },
      }),
    );
    const route = sealedRoute(1, { targets });
    expect(await store.publish(route)).toBe(true);
    expect(await store.load('chat', 'us')).toEqual(route);
    expect(JSON.stringify(marshall(route, { removeUndefinedValues: true })).length).toBeLessThan(350_000);
  });
});
