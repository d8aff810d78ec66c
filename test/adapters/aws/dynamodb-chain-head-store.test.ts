import { expect, it } from 'vitest';
import { createDynamodbChainHeadStore } from '#adapters/aws/dynamodb-chain-head-store.ts';
import { chainName } from '#test/builders/a-chain.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
import { describeChainHeadStore } from '../../port-suites/chain-head-store.suite.ts';

onEveryEngine('chain-head-store', (engine) => {
  describeChainHeadStore(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'audit');
    return { store: createDynamodbChainHeadStore({ client, table, chain: chainName }), close };
  });
});

it('rejects a head that is none, and takes it for no beginning', async () => {
  const Item = { chain: { S: chainName }, item: { S: 'head' }, sequence: { S: 'four' } };
  const client = { send: async () => ({ Item }) } as never;
  const store = createDynamodbChainHeadStore({ client, table: 'audit', chain: chainName });
  await expect(store.load()).rejects.toMatchObject({ code: 'answer_malformed' });
});
