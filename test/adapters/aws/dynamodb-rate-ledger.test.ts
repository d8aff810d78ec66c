import { it } from 'vitest';
import { createDynamodbRateLedger } from '#adapters/aws/dynamodb-rate-ledger.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { describeRateLedger } from '../../port-suites/rate-ledger.suite.ts';

for (const engine of dynamodbEngines) {
  if (engine.skip !== undefined) {
    it.skip(`rate-ledger on ${engine.name}: ${engine.skip}`, () => undefined);
    continue;
  }
  describeRateLedger(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'ledger');
    const open = () => createDynamodbRateLedger({ client, table, callMsMax: 5_000 });
    return { ledgers: [open(), open()], close };
  });
}
