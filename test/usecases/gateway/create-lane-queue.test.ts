import { expect, it } from 'vitest';
import { lineSettings } from '#core/queue/waiting-line.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createLaneQueue } from '#usecases/gateway/create-lane-queue.ts';
import type { SlotWait } from '#usecases/gateway/lane-queue.ts';

const call: SlotWait = {
  lane: 'interactive',
  tenant: 'one',
  work: 1,
  startBy: 60_000,
  firstContentMs: 5000,
  waitShareMax: 0.1,
  elsewhere: true,
  acquire: () => ({ granted: false, reason: 'full' }),
  giveBack: () => undefined,
};

it('keeps a line for each target, and forgets idle ones before there are too many', async () => {
  const clock = createVirtualClock(0, { leap: false });
  const queue = createLaneQueue({
    clock,
    random: createSeededRandom(1),
    settings: lineSettings({ standard: { turnShareMin: 0.1 }, bulk: { turnShareMin: 0.1 } }),
  });
  let free = false;
  const acquire: SlotWait['acquire'] = () =>
    free ? { granted: true, expiresAt: 1 } : { granted: false, reason: 'full' };
  const first = queue.wait('first', { ...call, acquire });
  const second = queue.wait('second', call);
  expect([queue.waitingAt('first'), queue.waitingAt('second'), queue.waitingAt('third')]).toEqual([1, 1, 0]);
  free = true;
  queue.slotFreed('second');
  queue.slotFreed('third');
  expect([queue.waitingAt('first'), queue.waitingAt('second')]).toEqual([1, 1]);
  for (let target = 0; target < 2000; target += 1)
    expect(queue.wait(`target-${target}`, { ...call, acquire })).toMatchObject({ kind: 'granted' });
  queue.slotFreed('first');
  expect(await first).toMatchObject({ kind: 'granted' });
  clock.advance(500);
  expect(await second).toMatchObject({ kind: 'spill' });
});
