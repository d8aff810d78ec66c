import { it } from 'vitest';
import { createDynamodbVerificationStore } from '#adapters/aws/dynamodb-verification-store.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { describeVerificationStore } from '../../port-suites/verification-store.suite.ts';

for (const engine of dynamodbEngines) {
  if (engine.skip !== undefined) {
    it.skip(`verification-store on ${engine.name}: ${engine.skip}`, () => undefined);
    continue;
  }
  describeVerificationStore(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'observations');
    return { store: createDynamodbVerificationStore({ client, table }), close };
  });
}
