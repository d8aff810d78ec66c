import { expect, it } from 'vitest';
import { createMemoryWorkQueue } from '#adapters/memory/memory-work-queue.ts';
import type { HandedRecord } from '#core/audit/handed-record.ts';
import { aHandedRecord } from '#test/builders/a-chain.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { runSealLoop } from '#usecases/audit/seal-loop.ts';

function aLoop(changes: { readonly failures?: number; readonly receiveFailures?: number } = {}) {
  let { failures = 0, receiveFailures = 0 } = changes;
  const clock = createVirtualClock(Date.UTC(2026, 10, 21, 9));
  const queue = createMemoryWorkQueue(clock);
  const stop = new AbortController();
  const segments: (readonly HandedRecord[])[] = [];
  const told: string[] = [];
  const loop = (until: number) =>
    runSealLoop({
      queue: {
        ...queue,
        receive: async (name, how) => {
          if (receiveFailures-- > 0) throw new Error('away');
          return queue.receive(name, how);
        },
        remove: async (name, message) => {
          await queue.remove(name, message);
          if (segments.flat().length >= until) stop.abort(new Error('enough'));
        },
      },
      sealer: {
        async seal(records) {
          if (failures-- > 0) throw new Error('away');
          segments.push(records);
        },
      },
      ...{ queueName: 'acme-audit', clock, gatherMs: 100, stop: stop.signal, region: 'eu-central-1' },
      log: { write: (_level, event) => void told.push(event) },
    });
  const send = (from: number, to: number) =>
    queue.send(
      'acme-audit',
      Array.from({ length: to - from + 1 }, (_, index) => JSON.stringify(aHandedRecord(from + index))),
    );
  return { send, loop, segments, told };
}

it('seals what came within a moment together, and takes it off the queue', async () => {
  const { send, loop, segments } = aLoop();
  await send(1, 23);
  await loop(23);
  expect(segments.map(({ length }) => length)).toEqual([23]);
});

it('has what could not be sealed come again', async () => {
  const { send, loop, segments, told } = aLoop({ failures: 1 });
  await send(1, 3);
  await loop(3);
  expect(segments.map(({ length }) => length)).toEqual([3]);
  expect(told).toEqual(['audit-seal-failed']);
});

it('asks a queue again that could not be reached', async () => {
  const { send, loop, segments, told } = aLoop({ receiveFailures: 2 });
  await send(1, 1);
  await loop(1);
  expect(segments).toHaveLength(1);
  expect(told).toEqual(['receive-failed', 'receive-failed']);
});
