import { it } from 'vitest';
import { createDynamodbRefusalLedger } from '#adapters/aws/dynamodb-refusal-ledger.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { describeRefusalLedger } from '../../port-suites/refusal-ledger.suite.ts';

for (const engine of dynamodbEngines) {
  if (engine.skip !== undefined) {
    it.skip(`refusal-ledger on ${engine.name}: ${engine.skip}`, () => undefined);
    continue;
  }
  describeRefusalLedger(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'routes');
    return { ledger: createDynamodbRefusalLedger({ client, table, region: 'us-east-1' }), close };
  });
}
