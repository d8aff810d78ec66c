import { expect, it } from 'vitest';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createWriteBehind } from '#usecases/gateway/write-behind.ts';

it('is settled when all work has ended, well or badly', async () => {
  const behind = createWriteBehind(createVirtualClock(0, { leap: false }));
  expect(behind.settled()).toBeUndefined();
  const [one, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  behind.add(one.promise);
  behind.add(other.promise);
  let isSettled = false;
  const settled = behind.settled()?.then(() => {
    isSettled = true;
  });
  one.reject(new Error('lost'));
  await new Promise(setImmediate);
  expect(isSettled).toBe(false);
  other.resolve();
  await settled;
  expect(behind.settled()).toBeUndefined();
});

it('gives up what hangs for a second', async () => {
  const clock = createVirtualClock(0);
  const behind = createWriteBehind(clock);
  behind.add(new Promise(() => undefined));
  await behind.settled();
  expect(clock.now()).toBe(1000);
});
