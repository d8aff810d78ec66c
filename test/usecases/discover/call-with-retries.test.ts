import { describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { callWithDeadline, callWithRetries } from '#usecases/discover/call-with-retries.ts';
import { createTokenBucket } from '#usecases/discover/token-bucket.ts';

function context(run = new AbortController()) {
  const clock = createVirtualClock(0);
  const bucket = createTokenBucket({ clock, ratePerSecond: 100 });
  return { clock, random: createSeededRandom(1), bucket, signal: run.signal, callMsMax: 3_000, run };
}

const throttled = () => houseError('throttled', { message: 'slow down' });

describe('calling with retries', () => {
  it('answers what a later attempt says', async () => {
    let calls = 0;
    const answer = await callWithRetries(context(), async () => {
      calls += 1;
      if (calls < 4) throw throttled();
      return 'well';
    });
    expect([answer, calls]).toEqual(['well', 4]);
  });

  it('gives up at once on an error that no repetition heals, and on a programmer’s', async () => {
    for (const error of [houseError('access_denied', { message: 'no' }), new TypeError('a bug')]) {
      let calls = 0;
      const call = callWithRetries(context(), async () => {
        calls += 1;
        throw error;
      });
      await expect(call).rejects.toBe(error);
      expect(calls).toBe(1);
    }
  });

  it('ends with the run, and with the last true error', async () => {
    const shared = context();
    const last = throttled();
    const ending = shared.clock.sleep(10_000).then(() => shared.run.abort(new Error('over')));
    await expect(callWithRetries(shared, async () => Promise.reject(last))).rejects.toBe(last);
    await ending;
    expect(shared.clock.now()).toBe(10_000);
  });
});

describe('a call with a deadline', () => {
  it('is aborted and counts as timed out, even when it ignores its signal', async () => {
    const shared = context();
    let seen: AbortSignal | undefined;
    const call = callWithDeadline(shared, (signal) => {
      seen = signal;
      return new Promise(() => undefined);
    });
    await expect(call).rejects.toMatchObject({ code: 'timed_out' });
    expect(seen?.aborted).toBe(true);
    expect(shared.clock.now()).toBe(3_000);
  });

  it('ends with its run’s own reason', async () => {
    const shared = context();
    const call = callWithDeadline(shared, () => new Promise(() => undefined));
    shared.run.abort(new Error('over'));
    await expect(call).rejects.toThrow('over');
  });

  it('passes the answer on', async () => {
    expect(await callWithDeadline(context(), async () => 7)).toBe(7);
  });
});
