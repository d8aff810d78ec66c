import { expect, it } from 'vitest';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { bounded } from '#usecases/gateway/bounded.ts';

it('gives what came in time and fails for what hangs, at the deadline', async () => {
  const clock = createVirtualClock(0);
  await expect(bounded(clock, 50, Promise.resolve('here'))).resolves.toBe('here');
  await expect(bounded(clock, 50, Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  const startedMs = clock.monotonicMs();
  await expect(bounded(clock, 50, new Promise(() => undefined))).rejects.toThrow('50 ms');
  expect(clock.monotonicMs() - startedMs).toBe(50);
});

it('leaves no sleeper behind that would keep a process awake', async () => {
  const clock = createVirtualClock(0);
  await bounded(clock, 50, Promise.resolve());
  await new Promise(setImmediate);
  expect(clock.now()).toBe(0);
});
