import { describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { askEach, asking, failureName, withinLimit } from '#usecases/discover/answered-calls.ts';
import { createTokenBucket } from '#usecases/discover/token-bucket.ts';

const clock = createVirtualClock(0);
const bucket = createTokenBucket({ clock, ratePerSecond: 100 });
const random = createSeededRandom(1);
const askUntil = (signal: AbortSignal) => asking({ clock, bucket, random, signal, callMsMax: 3_000 });
const ask = askUntil(new AbortController().signal);
const denied = houseError('access_denied', { message: 'no', facts: { errorName: 'AccessDeniedException' } });

describe('a call whose failure is an answer', () => {
  it('answers with AWS’s own name of the failure, or our code', async () => {
    expect(await ask(async () => 7)).toEqual({ ok: true, value: 7 });
    expect(await ask(() => Promise.reject(denied))).toEqual({ ok: false, failure: 'AccessDeniedException' });
    expect(failureName(houseError('timed_out', { message: 'late' }))).toBe('timed_out');
  });

  it('throws a programmer’s error', async () => {
    const bug = new TypeError('a bug');
    await expect(ask(() => Promise.reject(bug))).rejects.toBe(bug);
  });

  it('costs only itself among others', async () => {
    const answers = await askEach(
      ['well', 'denied'],
      (name) => name,
      (name) => ask(() => (name === 'well' ? Promise.resolve(name) : Promise.reject(denied))),
    );
    expect([...answers]).toEqual([
      ['well', { ok: true, value: 'well' }],
      ['denied', { ok: false, failure: 'AccessDeniedException' }],
    ]);
  });

  it('ends at the limit of the run', async () => {
    const startedMs = clock.monotonicMs();
    const answer = await withinLimit(clock, 1_000, (signal) =>
      askUntil(signal)(() => new Promise<never>(() => undefined)),
    );
    expect(answer).toEqual({ ok: false, failure: 'run-deadline' });
    expect(clock.monotonicMs() - startedMs).toBe(1_000);
  });
});
