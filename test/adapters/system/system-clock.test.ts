import { expect, it } from 'vitest';
import { systemClock } from '#adapters/system/system-clock.ts';

it('sleeps, and wakes with the signal’s own reason', async () => {
  const before = systemClock.monotonicMs();
  await systemClock.sleep(5);
  expect(systemClock.monotonicMs() - before).toBeGreaterThanOrEqual(4);
  const controller = new AbortController();
  const sleeping = systemClock.sleep(60_000, controller.signal);
  controller.abort(new Error('over'));
  await expect(sleeping).rejects.toThrow('over');
  await expect(systemClock.sleep(1, controller.signal)).rejects.toThrow('over');
  expect(systemClock.now()).toBeGreaterThan(Date.UTC(2026, 0, 1));
});

it('calls once after the time, and not when it was called off', async () => {
  const called: string[] = [];
  const callOff = systemClock.after(1, () => called.push('called off'));
  callOff();
  await new Promise<void>((go) => {
    systemClock.after(2, () => {
      called.push('called');
      go();
    });
  });
  expect(called).toEqual(['called']);
});
