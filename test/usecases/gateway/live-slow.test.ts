import { expect, it } from 'vitest';
import { aRequestRecord } from '#test/builders/a-request-record.ts';
import { SlowestRequests } from '#usecases/gateway/live-slow.ts';

it('keeps the slowest three, however many come and in whatever order', () => {
  const slowest = new SlowestRequests();
  for (const durationMs of [5, 900, 20, 300, 7, 1200, 299]) slowest.offer(aRequestRecord({ durationMs }), {});
  expect(slowest.told().map(({ totalMs }) => totalMs)).toEqual([1200, 900, 300]);
  slowest.clear();
  expect(slowest.told()).toEqual([]);
});

it('tells ids, names and times alone, and no time that it does not know', () => {
  const slowest = new SlowestRequests();
  slowest.offer(aRequestRecord({ traceId: 'f'.repeat(32), durationMs: 100.26 }), { decidedMs: 3.14 });
  expect(slowest.told()).toEqual([
    {
      requestId: 'request-1',
      model: 'chat-small',
      residency: 'us',
      lane: 'interactive',
      outcome: 'answered',
      arrivedAt: '2026-11-22T07:59:59.900Z',
      decidedMs: 3.1,
      waitedForSlotMs: 0,
      attempts: [{ target: 'a', tier: 'serverless', outcome: 'answered', durationMs: 90 }],
      firstContentMs: 50,
      totalMs: 100.3,
    },
  ]);
});
