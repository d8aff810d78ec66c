import { expect, it } from 'vitest';
import { createDynamodbCapacityLedger } from '#adapters/aws/dynamodb-capacity-ledger.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import type { Clock } from '#usecases/ports/clock.ts';

const limit = { target: 'chat', slots: 20, copies: 1 };
const at = Date.UTC(2026, 10, 21, 8);
const asking = (leaseId: string, changes: object = {}) => ({
  limit,
  leaseId,
  kvTokens: 0,
  slotsReserved: 0,
  at,
  ...changes,
});

for (const engine of dynamodbEngines) {
  if (engine.skip !== undefined) {
    it.skip(`capacity-ledger on ${engine.name}: ${engine.skip}`, () => undefined);
    continue;
  }
  it(`lends each slot once to two processes that fight for them on ${engine.name}`, async () => {
    const { client, close } = await engine.start();
    const table = await createTestTable(client, 'capacity');
    // A busy machine is no outage.
    const after: Clock['after'] = (milliseconds, action) => systemClock.after(50 * milliseconds, action);
    const clock = { ...systemClock, after };
    const open = (name: string) =>
      createDynamodbCapacityLedger({
        client,
        table,
        callMsMax: 5_000,
        clock,
        random: createSeededRandom(name),
        log: { write: () => undefined },
      });
    const [one, two] = [open('one'), open('two')];
    const ids = Array.from({ length: 48 }, (_, index) => `lease-${index}`);
    const of = (index: number) => (index % 2 === 0 ? one : two);
    const answers = await Promise.all(ids.map((id, index) => of(index).acquire(asking(id))));
    const granted = ids.filter((_, index) => answers[index]?.granted === true);
    expect(granted).toHaveLength(20);
    expect(await one.acquire(asking('late'))).toEqual({ granted: false, reason: 'full' });
    // A process that died is out of the way after 32 seconds, and its slots are lent again.
    const later = { at: at + 32_000 };
    const again = await Promise.all(ids.map((id) => two.acquire(asking(`again-${id}`, later))));
    expect(again.filter((answer) => answer.granted)).toHaveLength(20);
    await close();
  });
}
