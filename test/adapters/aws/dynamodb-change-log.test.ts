import { it } from 'vitest';
import { createDynamodbChangeLog } from '#adapters/aws/dynamodb-change-log.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { describeChangeLog } from '../../port-suites/change-log.suite.ts';

for (const engine of dynamodbEngines) {
  if (engine.skip !== undefined) {
    it.skip(`change-log on ${engine.name}: ${engine.skip}`, () => undefined);
    continue;
  }
  describeChangeLog(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'observations');
    return { log: createDynamodbChangeLog({ client, table }), close };
  });
}
