/**
 * A batch of 10,000 lines whose dispatcher is killed five times, over real sockets: how long it takes, and what the
 * kills cost. `node bench/batch.ts [lines] [kills]`
 */
import { openBatchWorld } from '#test/builders/batch-world.ts';
import { runKilledBatch } from '#test/builders/killed-batch.ts';

const [lines = 10_000, kills = 5] = process.argv.slice(2).map(Number);
const pace = { messagesMax: 4, leaseMs: 3_000, hiddenSeconds: 6 };
const world = await openBatchWorld();
try {
  const { linesInFlight } = world.world.config.batches;
  // Answers take a while, so that a kill meets calls under way.
  await world.world.setFaults([{ service: 'bedrock-runtime', kind: 'latency', milliseconds: 50 }]);
  const dispatchers = world.dispatchers(pace, kills + 1);
  const found = await runKilledBatch(world, { lines, kills, startDispatcher: () => dispatchers.start() });
  const inOrder = found.output.every((name, index) => name === `line-${index}`);
  console.log(`${lines} lines, ${kills} kills: ${found.seconds.toFixed(1)} s, ${found.batch.status}`);
  console.log(
    `results ${found.output.length}, errors ${found.errors.length}, in the order of the file: ${inOrder}`,
  );
  console.log(`calls ${found.calls}, made twice ${found.callsMadeTwice}`);
  console.log(`told as perhaps made twice ${found.batch.spillway.repeated_calls}`);
  const underWayMax = kills * pace.messagesMax * linesInFlight;
  console.log(`under way at the kills, at most ${underWayMax}`);
  const isWhole = inOrder && found.output.length === lines && found.errors.length === 0;
  const told = found.batch.spillway.repeated_calls;
  if (!isWhole || found.callsMadeTwice > told || told > underWayMax) process.exitCode = 1;
} finally {
  await world.close();
}
