import { expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import { StoreContact } from '#usecases/capacity/store-contact.ts';

function opened() {
  const world = new CapacityWorld(1);
  const lines: string[] = [];
  const log = { write: (level: string, event: string) => void lines.push(`${level} ${event}`) };
  return { world, lines, contact: new StoreContact({ clock: world.clock(0), log }) };
}

const failing = (code: 'throttled' | 'upstream_unavailable') => async () => {
  throw houseError(code, { message: code, facts: {} });
};

it('lets one call at a time find out whether the store is back, every half second, and says so once', async () => {
  const { world, lines, contact } = opened();
  expect([contact.begin(), contact.begin()]).toEqual(['call', 'call']);
  for (let call = 0; call < 2; call += 1)
    expect(await contact.call(failing('upstream_unavailable'))).toBe('lost');
  expect(contact.begin()).toBe('none');
  await world.run(500);
  expect([contact.begin(), contact.begin()]).toEqual(['probe', 'none']);
  await contact.call(failing('upstream_unavailable'));
  contact.end('probe');
  expect(contact.begin()).toBe('none');
  await world.run(500);
  expect(contact.begin()).toBe('probe');
  expect(await contact.call(async () => 7)).toBe(7);
  contact.end('probe');
  expect([contact.begin(), contact.isAway, contact.reachedEver]).toEqual(['call', false, true]);
  expect(lines).toEqual(['warn capacity-degraded', 'info capacity-restored']);
});

it('takes a throttle for an answer: the store is there', async () => {
  const { contact } = opened();
  expect(await contact.call(failing('throttled'))).toBe('throttled');
  expect(contact.isAway).toBe(false);
});

it('waits a moment for each answer, and longer for the first one', async () => {
  const { world, contact } = opened();
  for (const [waitsMs, thenHears] of [
    [251, 'lost'],
    [249, 'heard'],
    [101, 'lost'],
    [99, 'heard'],
  ] as const) {
    const call = contact.call(() =>
      world
        .clock(0)
        .sleep(waitsMs)
        .then(() => 'heard'),
    );
    await world.run(300);
    expect(await call).toBe(thenHears);
  }
});
