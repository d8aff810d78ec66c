/** What it must show, 6: a large batch over real sockets, whose dispatchers are processes that end by SIGKILL. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BatchWorld, openBatchWorld } from '#test/builders/batch-world.ts';
import { runKilledBatch } from '#test/builders/killed-batch.ts';

const lines = 10_000;
const kills = 5;
const pace = { messagesMax: 6, leaseMs: 2_500, hiddenSeconds: 4 };
let world: BatchWorld;

beforeAll(async () => {
  world = await openBatchWorld();
});
afterAll(() => world?.close());

it('gives each of 10,000 lines one result in the order of the file, and calls no more twice than was under way', async () => {
  // Answers take a while, so that a kill meets calls under way.
  await world.world.setFaults([{ service: 'bedrock-runtime', kind: 'latency', milliseconds: 25 }]);
  const dispatchers = world.dispatchers(pace, kills + 1);
  const found = await runKilledBatch(world, { lines, kills, startDispatcher: () => dispatchers.start() });
  expect(found.batch).toMatchObject({ status: 'completed', request_counts: { total: lines, failed: 0 } });
  expect(found.errors).toEqual([]);
  expect(found.output).toEqual(Array.from({ length: lines }, (_, index) => `line-${index}`));
  expect(found.calls).toBe(lines + found.callsMadeTwice);
  const underWayMax = kills * pace.messagesMax * world.world.config.batches.linesInFlight;
  expect(found.callsMadeTwice).toBeGreaterThan(0);
  expect(found.callsMadeTwice).toBeLessThanOrEqual(found.batch.spillway.repeated_calls);
  expect(found.batch.spillway.repeated_calls).toBeLessThanOrEqual(underWayMax);
}, 300_000);
