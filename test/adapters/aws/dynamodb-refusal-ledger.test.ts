import { createDynamodbRefusalLedger } from '#adapters/aws/dynamodb-refusal-ledger.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
import { describeRefusalLedger } from '../../port-suites/refusal-ledger.suite.ts';

onEveryEngine('refusal-ledger', (engine) => {
  describeRefusalLedger(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'routes');
    return { ledger: createDynamodbRefusalLedger({ client, table, region: 'us-east-1' }), close };
  });
});
