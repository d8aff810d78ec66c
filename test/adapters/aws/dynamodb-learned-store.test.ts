import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamodbLearnedStore } from '#adapters/aws/dynamodb-learned-store.ts';
import { noChains, withChain } from '#core/chain/chain-counts.ts';
import { addLength, noLengths } from '#core/tokens/output-quantiles.ts';
import { createTestTable, PATIENT_CALL_MS_MAX } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine, useOneEngine } from '#test/builders/on-every-engine.ts';
import { describeLearnedStore } from '../../port-suites/learned-store.suite.ts';

onEveryEngine('a store of what was learned', (engine) => {
  describeLearnedStore(engine.name, async () => {
    const { client, close } = await engine.start();
    return {
      open: async () =>
        createDynamodbLearnedStore({
          client,
          table: await createTestTable(client, 'capacity'),
          callMsMax: PATIENT_CALL_MS_MAX,
        }),
      close,
    };
  });
});

describe('the items of what was learned', () => {
  const engine = useOneEngine();
  let table = '';
  const at = Date.UTC(2026, 10, 21, 8);
  const learned = {
    chains: new Map([['embed /v1', withChain(noChains)]]),
    lengths: new Map([['chat /v1', addLength(noLengths, 70)]]),
  };
  const open = () =>
    createDynamodbLearnedStore({ client: engine.client, table, callMsMax: PATIENT_CALL_MS_MAX });
  const call = { tenant: 'shop', model: 'embed', route: '/v1', needsModel: true, isCold: true, at };
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const put = (item: object) =>
    engine.client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
  beforeEach(async () => {
    table = await engine.createTable('capacity');
  });

  it('hold names and counts alone, with an end for the garbage collection', async () => {
    await open().save('shop', { revision: 1, learned }, { seen: undefined, at });
    await open().note({ ...call, traceId });
    const { Items = [] } = await engine.client.send(new ScanCommand({ TableName: table }));
    const items = Items.map((each) => unmarshall(each));
    expect(items.toSorted((one, other) => (one.targetPage < other.targetPage ? -1 : 1))).toEqual([
      {
        targetPage: `#chain#shop#${traceId}`,
        item: 'chain-1',
        firstModel: 'embed',
        route: '/v1',
        cold: true,
        models: new Set(['embed']),
        expiresAt: at / 1000 + 600,
      },
      {
        targetPage: '#learned#shop',
        item: 'learned-1',
        revision: 1,
        chains: { 'embed /v1': { chains: 1, models: {} } },
        lengths: { 'chat /v1': { answers: 1, counts: { 25: 1 } } },
        expiresAt: at / 1000 + 30 * 86_400,
      },
    ]);
  });

  const sound = { revision: 4, chains: {}, lengths: {} };
  it.each([
    ['no revision', { ...sound, revision: 'x' }],
    ['a negative count', { ...sound, lengths: { 'chat /v1': { answers: 1, counts: { 3: -1 } } } }],
    [
      'a count that nobody counts to',
      { ...sound, lengths: { 'chat /v1': { answers: 1, counts: { 3: 1e9 } } } },
    ],
    ['half a chain', { ...sound, chains: { 'embed /v1': { chains: 0.5, models: {} } } }],
    ['another kind of bucket', { ...sound, lengths: { 'chat /v1': { answers: 1, counts: { '-1': 1 } } } }],
    [
      'more kinds than are kept',
      {
        ...sound,
        chains: Object.fromEntries(
          Array.from({ length: 33 }, (_, index) => [`m${index} /`, { chains: 1, models: {} }]),
        ),
      },
    ],
  ])('with %s are not believed, and written over', async (_, item) => {
    await put({ targetPage: '#learned#shop', item: 'learned-1', ...item });
    expect(await open().load('shop')).toBe('unreadable');
    expect(await open().save('shop', { revision: 1, learned }, { seen: 'unreadable', at })).toBe(true);
    expect(await open().load('shop')).toEqual({ revision: 1, learned });
  });

  it('of a chain that nobody wrote so say nothing of the call', async () => {
    await put({ targetPage: `#chain#shop#${traceId}`, item: 'chain-1', firstModel: 7 });
    expect(await open().note({ ...call, traceId })).toBeUndefined();
  });

  it('with buckets that there are not are read without them', async () => {
    const item = { ...sound, lengths: { 'chat /v1': { answers: 2, counts: { 25: 1, 99: 1 } } } };
    await put({ targetPage: '#learned#shop', item: 'learned-1', ...item });
    expect(await open().load('shop')).toMatchObject({
      learned: { lengths: new Map([['chat /v1', { ...addLength(noLengths, 70), answers: 2 }]]) },
    });
  });

  it('are asked for no longer than a process may wait', async () => {
    const store = createDynamodbLearnedStore({ client: engine.client, table, callMsMax: 0 });
    await expect(store.load('shop')).rejects.toMatchObject({ code: 'timed_out' });
  });
});
