import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { canonicalJson } from '#core/plan/canonical-json.ts';
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

  it('answers the same object for an item that is the same, and believes none that only says so', async () => {
    const { store, put } = await openTable();
    await store.publish(sealedRoute(1));
    const read = async () => (await store.loadAll()).routes[0];
    const first = await read();
    expect(await read()).toBe(first);
    await put({ ...sealedRoute(1), targets: [plainTarget('eu-central-1')] });
    expect(await read()).toBeUndefined();
    await put({ ...sealedRoute(1) });
    expect(await read()).toEqual(first);
    await store.publish(sealedRoute(2));
    expect((await read())?.version).toBe(2);
  });

  it('shows the standing version in the history even when its publisher died before writing it there', async () => {
    const { store, put } = await openTable();
    await store.publish(sealedRoute(1));
    await put(sealedRoute(2));
    expect((await store.loadHistory('chat', 'us')).map((route) => route.version)).toEqual([2, 1]);
    await store.publish(sealedRoute(3));
    expect((await store.loadHistory('chat', 'us')).map((route) => route.version)).toEqual([3, 2, 1]);
  });

  it('keeps versions for as long as it is told after another took their place, and thirty whatever their age', async () => {
    const table = await engine.createTable('routes');
    const store = createDynamodbRouteStore({ ...settings, client: engine.client, table, historyDays: 10 });
    const day = (version: number) => new Date(Date.UTC(2026, 7, 1) + version * 86_400_000).toISOString();
    const published = (version: number, days = version) => {
      const { checksum: _, ...content } = { ...sealedRoute(version), publishedAt: day(days) };
      return { ...content, checksum: cryptoDigest.sha256Hex(canonicalJson(content)) };
    };
    // In one day, so that the fortieth finds all of them young.
    for (let version = 1; version <= 40; version += 1) await store.publish(published(version, 1));
    const kept = async () => {
      const found = await Promise.all(
        Array.from({ length: 50 }, (_, index) => store.loadVersion('chat', 'us', index + 1)),
      );
      return found.flatMap((route) => route?.version ?? []);
    };
    expect(await kept()).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(await store.loadHistory('chat', 'us')).toHaveLength(30);
    await store.publish(published(41, 11));
    expect((await kept()).at(0)).toBe(1);
    for (const version of [42, 43]) await store.publish(published(version, 12));
    expect(await kept()).toEqual(Array.from({ length: 39 }, (_, index) => index + 5));
    for (let version = 44; version <= 48; version += 1) await store.publish(published(version, 13));
    expect((await kept()).at(0)).toBe(15);
    for (let version = 49; version <= 50; version += 1) await store.publish(published(version, 14));
    // Thirty stay, however old.
    expect((await kept()).at(0)).toBe(19);
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
