import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callAfter } from '#adapters/system/coarse-timer.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  // The one timer is the process's: none of these may outlive its test.
  vi.runAllTimers();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('tells a long deadline once, never early and at most 25 ms late', () => {
  const told: string[] = [];
  callAfter(1_000, () => told.push('one'));
  vi.advanceTimersByTime(10);
  callAfter(2_000, () => told.push('other'));
  vi.advanceTimersByTime(989);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(26);
  expect(told).toEqual(['one']);
  vi.advanceTimersByTime(984);
  expect(told).toEqual(['one']);
  vi.advanceTimersByTime(26);
  expect(told).toEqual(['one', 'other']);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(['one', 'other']);
});

it('wakes a few times in a second for what is far away, and in time for what begins in its sleep', () => {
  const set = vi.spyOn(globalThis, 'setTimeout');
  const stop = callAfter(60_000, () => undefined);
  vi.advanceTimersByTime(10_000);
  expect(set.mock.calls.length).toBeLessThanOrEqual(21);
  for (const startMs of [1, 130, 270, 499]) {
    const begunMs = performance.now();
    let lateMs = Number.NaN;
    vi.advanceTimersByTime(startMs);
    callAfter(500 + startMs, () => {
      lateMs = performance.now() - begunMs - 500 - 2 * startMs;
    });
    vi.advanceTimersByTime(2_000);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThanOrEqual(25);
  }
  stop();
});

it('keeps a process alive for a deadline that stands, and for none that was called off', () => {
  const timers: NodeJS.Timeout[] = [];
  const real = globalThis.setTimeout;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((action: () => void, milliseconds: number) => {
    const timer = real(action, milliseconds);
    timers.push(timer);
    return timer;
  }) as never);
  const isAlive = (): boolean => timers.at(-1)?.hasRef() ?? false;
  const stop = callAfter(30_000, () => undefined);
  expect(isAlive()).toBe(true);
  stop();
  expect(isAlive()).toBe(false);
  const again = callAfter(30_000, () => undefined);
  expect(isAlive()).toBe(true);
  again();
});

it('tells a short one at its time', () => {
  const told: string[] = [];
  callAfter(20, () => told.push('called'));
  callAfter(10, () => told.push('called off'))();
  vi.advanceTimersByTime(19);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(['called']);
});

it('forgets what was called off, by whomever, and leaves no timer behind', () => {
  const told: string[] = [];
  const last: { callOff?: () => void } = {};
  // Due with the others, and told first: it calls one of them off and asks for one more.
  const stop = callAfter(1_000, () => {
    last.callOff?.();
    callAfter(1_000, () => told.push('asked in between'));
  });
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => callAfter(1_000, () => told.push(name)));
  a?.();
  a?.();
  d?.();
  b?.();
  if (c !== undefined) last.callOff = c;
  callAfter(1_000, () => told.push('left'));
  vi.advanceTimersByTime(1_025);
  expect(told).toEqual(['left']);
  expect(vi.getTimerCount()).toBe(1);
  stop();
  vi.advanceTimersByTime(1_050);
  expect(told).toEqual(['left', 'asked in between']);
  vi.advanceTimersByTime(25);
  expect(vi.getTimerCount()).toBe(0);
});
