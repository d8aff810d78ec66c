import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import {
  createDynamodbBlockLedger,
  createDynamodbCapacityLedger,
} from '#adapters/aws/dynamodb-capacity-ledger.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';
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

onEveryEngine('capacity-ledger', (engine) => {
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
});

it('lends nothing while the table is gone, and all of it when it is back', async () => {
  const engine = dynamodbEngines.find(({ name }) => name === 'dynalite');
  const { client, close } = await (engine as NonNullable<typeof engine>).start();
  const table = await createTestTable(client, 'capacity');
  const lines: string[] = [];
  const log = { write: (_level: string, event: string) => void lines.push(event) };
  // Deadlines of a minute, and half a second between two questions.
  let passedMs = 0;
  const after: Clock['after'] = (milliseconds, action) => systemClock.after(600 * milliseconds, action);
  const clock = { ...systemClock, after, monotonicMs: () => systemClock.monotonicMs() + passedMs };
  const parts = { client, table, callMsMax: 60_000, clock, log };
  const ledgers = [
    createDynamodbCapacityLedger({ ...parts, random: createSeededRandom('gone') }),
    createDynamodbBlockLedger({ ...parts, holder: 'one' }),
  ];
  const ask = async (index: number, leaseId: string, afterMs = 0) => {
    passedMs += 1_000;
    const at = systemClock.now() + afterMs;
    return (await ledgers[index]?.acquire(asking(leaseId, { at })))?.granted;
  };
  for (const index of [0, 1]) expect(await ask(index, 'before')).toBe(true);
  await client.send(new DeleteTableCommand({ TableName: table }));
  expect(await ask(0, 'gone')).toBe(false);
  // What is left of a block is lent until it lapses; what is not in it nobody has.
  const gone = [];
  for (let call = 0; call < 4; call += 1) gone.push(await ask(1, `gone-${call}`));
  expect(gone.at(-1)).toBe(false);
  await createTestTable(client, 'capacity', table);
  expect(await ask(0, 'after')).toBe(true);
  // A book that was lost learns first what others may hold.
  expect(await ask(1, 'after')).toBe(false);
  expect(await ask(1, 'learned', 35_000)).toBe(true);
  expect(lines).toEqual(['capacity-degraded', 'capacity-degraded', 'capacity-restored', 'capacity-restored']);
  await close();
});
