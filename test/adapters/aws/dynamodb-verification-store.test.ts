import { createDynamodbVerificationStore } from '#adapters/aws/dynamodb-verification-store.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
import { describeVerificationStore } from '../../port-suites/verification-store.suite.ts';

onEveryEngine('verification-store', (engine) => {
  describeVerificationStore(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'observations');
    return { store: createDynamodbVerificationStore({ client, table }), close };
  });
});
