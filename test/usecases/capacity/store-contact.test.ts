import { expect, it } from 'vitest';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import { StoreContact } from '#usecases/capacity/store-contact.ts';

it('lets one call at a time find out whether the store is back, every half second', async () => {
  const world = new CapacityWorld(1);
  const contact = new StoreContact(world.clock(0));
  expect([contact.begin(), contact.begin()]).toEqual(['call', 'call']);
  contact.lost();
  expect(contact.begin()).toBe('none');
  await world.run(500);
  expect([contact.begin(), contact.begin()]).toEqual(['probe', 'none']);
  contact.lost();
  contact.end('probe');
  expect(contact.begin()).toBe('none');
  await world.run(500);
  expect(contact.begin()).toBe('probe');
  contact.reached();
  contact.end('probe');
  expect([contact.begin(), contact.isAway, contact.reachedEver]).toEqual(['call', false, true]);
});

it('calls a store away for long only when it was asked all the time, and nobody had an answer', async () => {
  const world = new CapacityWorld(1);
  const contact = new StoreContact(world.clock(0));
  const loseFor = async (milliseconds: number, everyMs: number): Promise<void> => {
    for (let ms = 0; ms <= milliseconds; ms += everyMs) {
      contact.lost();
      await world.run(everyMs);
    }
  };
  await loseFor(31_000, 1_000);
  expect(contact.isAwayForLong).toBe(false);
  contact.lost();
  expect(contact.isAwayForLong).toBe(true);
  await world.run(5_001);
  expect(contact.isAwayForLong).toBe(false);
  await loseFor(31_000, 1_000);
  contact.throttled();
  contact.lost();
  expect(contact.isAwayForLong).toBe(false);
  await loseFor(60_000, 6_000);
  expect(contact.isAwayForLong).toBe(false);
});
