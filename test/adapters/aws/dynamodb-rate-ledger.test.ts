import { expect, it } from 'vitest';
import { createDynamodbRateLedger } from '#adapters/aws/dynamodb-rate-ledger.ts';
import { createTestTable, dynamodbEngines, PATIENT_CALL_MS_MAX } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
import { describeRateLedger } from '../../port-suites/rate-ledger.suite.ts';

onEveryEngine('rate-ledger', (engine) => {
  describeRateLedger(engine.name, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'ledger');
    const open = () => createDynamodbRateLedger({ client, table, callMsMax: 5_000 });
    return { ledgers: [open(), open()], close };
  });
});

it('sends a write whose answer is lost no second time: it is charged once, in doubt', async () => {
  const [dynalite] = dynamodbEngines;
  if (dynalite === undefined) throw new Error('dynalite is always there');
  const { client, close } = await dynalite.start();
  const table = await createTestTable(client, 'ledger');
  const ledger = createDynamodbRateLedger({ client, table, callMsMax: PATIENT_CALL_MS_MAX });
  const demand = {
    tenant: 'demo',
    buckets: [{ bucket: 'requests', rate: { perMinute: 60 }, units: 1, ahead: 0 }],
    at: Date.UTC(2026, 10, 21, 8),
    countProcess: false,
  };
  let lost = 1;
  client.middlewareStack.add(
    (next) => async (call) => {
      const answer = await next(call);
      lost -= 1;
      if (lost >= 0) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      return answer;
    },
    { step: 'initialize', name: 'loseAnswers' },
  );
  await expect(ledger.take(demand)).rejects.toMatchObject({ code: 'timed_out' });
  const { fullAt } = await ledger.take(demand);
  expect(fullAt).toEqual([(demand.at + 2000) * 1000]);
  await close();
});
