import { expect, it } from 'vitest';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createTokenBucket } from '#usecases/discover/token-bucket.ts';

const { signal } = new AbortController();

async function timesOf(count: number, ratePerSecond: number): Promise<readonly number[]> {
  const clock = createVirtualClock(0);
  const bucket = createTokenBucket({ clock, ratePerSecond });
  return Promise.all(
    Array.from({ length: count }, async () => {
      await bucket.take(signal);
      return clock.now();
    }),
  );
}

it('lets a burst of one second through, then one call an interval, in order', async () => {
  expect(await timesOf(9, 5)).toEqual([0, 0, 0, 0, 0, 200, 400, 600, 800]);
});

it('works below one call a second', async () => {
  expect(await timesOf(3, 0.5)).toEqual([0, 2_000, 4_000]);
});

it('makes everybody wait after a throttle', async () => {
  const clock = createVirtualClock(0);
  const bucket = createTokenBucket({ clock, ratePerSecond: 5 });
  bucket.drain();
  await bucket.take(signal);
  expect(clock.now()).toBe(200);
});

it('lets go of a caller whose run has ended', async () => {
  const bucket = createTokenBucket({ clock: createVirtualClock(0, { leap: false }), ratePerSecond: 1 });
  const run = new AbortController();
  await bucket.take(run.signal);
  const waiting = bucket.take(run.signal);
  run.abort(new Error('over'));
  await expect(waiting).rejects.toThrow('over');
  await expect(bucket.take(run.signal)).rejects.toThrow('over');
});
