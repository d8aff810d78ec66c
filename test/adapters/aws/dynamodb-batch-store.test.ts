import { createDynamodbBatchStore } from '#adapters/aws/dynamodb-batch-store.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
import { describeBatchStore } from '../../port-suites/batch-store.suite.ts';

onEveryEngine('batch-store', (engine) => {
  describeBatchStore(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'batches');
    return {
      store: createDynamodbBatchStore({ client, table, keptMs: 86_400_000, callMsMax: 5_000 }),
      close,
    };
  });
});
