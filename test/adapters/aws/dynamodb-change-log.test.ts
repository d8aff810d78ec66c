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
});
