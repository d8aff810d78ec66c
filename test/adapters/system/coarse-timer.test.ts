import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callAfter } from '#adapters/system/coarse-timer.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  // The one timer is the process's: none of these may outlive its test.
  vi.runAllTimers();
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
  stop();
  vi.advanceTimersByTime(1_050);
  expect(told).toEqual(['left', 'asked in between']);
  vi.advanceTimersByTime(25);
  expect(vi.getTimerCount()).toBe(0);
});
