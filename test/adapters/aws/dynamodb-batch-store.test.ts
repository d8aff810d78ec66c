import { it } from 'vitest';
import { createDynamodbBatchStore } from '#adapters/aws/dynamodb-batch-store.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { describeBatchStore } from '../../port-suites/batch-store.suite.ts';

for (const engine of dynamodbEngines) {
  if (engine.skip !== undefined) {
    it.skip(`batch-store on ${engine.name}: ${engine.skip}`, () => undefined);
    continue;
  }
  describeBatchStore(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'batches');
    return {
      store: createDynamodbBatchStore({ client, table, keptMs: 86_400_000, callMsMax: 5_000 }),
      close,
    };
  });
}
