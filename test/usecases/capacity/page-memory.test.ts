import { expect, it } from 'vitest';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import { PageMemory } from '#usecases/capacity/page-memory.ts';

const page = { leases: new Map([['a', { expiresAt: 100_000, kvTokens: 0 }]]) };
const spot = (slots: number) => ({ page: 0, key: 'chat#0', room: { slots, kvTokens: undefined } });
const lease = { leaseId: 'b', expiresAt: 200_000, kvTokens: 0 };

it('believes for 50 to 100 ms that a page is full, for those that were turned away and no others', async () => {
  const world = new CapacityWorld(1);
  const pages = new PageMemory(world.clock(0), world.random);
  const isFull = (slots = 1, at = 90_000) => pages.isKnownFull(spot(slots), lease, at);
  expect(isFull()).toBe(false);
  pages.noteFull('chat#0', page);
  await world.run(49);
  expect([isFull(1), isFull(2), isFull(1, 104_000)]).toEqual([true, false, false]);
  await world.run(51);
  expect(isFull()).toBe(false);
  pages.noteFull('chat#0', page);
  pages.forget('chat#0');
  expect(isFull()).toBe(false);
});
