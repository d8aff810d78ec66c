import { expect, it } from 'vitest';
import { aSlowRequest } from '#test/builders/a-live-event.ts';
import { duration, placeOf, timelineOf } from '../../../console/live/timeline.ts';

it('tells the way of a request from its arrival to its end', () => {
  const steps = timelineOf(
    aSlowRequest({
      waitedForSlotMs: 40,
      attempts: [
        { target: 'a', tier: 'dedicated', outcome: 'throttled', startedMs: 45, durationMs: 100 },
        { target: 'b', tier: 'serverless', outcome: 'answered', durationMs: 900 },
      ],
    }),
  );
  expect(steps.map(({ what, startMs, tone }) => [what, startMs, tone])).toEqual([
    ['Arrived', 0, 'plain'],
    ['Decided whom to ask', 2, 'plain'],
    ['Asked a (dedicated): throttled', 45, 'bad'],
    ['Asked b (serverless): answered', undefined, 'good'],
    ['First content', 300, 'plain'],
    ['Ended: answered, after 1.05 s, 40 ms of it waiting for slots', 1050, 'good'],
  ]);
});

it('leaves out what a refused request never had', () => {
  const { decidedMs, firstContentMs, ...refused } = aSlowRequest({
    outcome: 'no_lawful_target',
    attempts: [],
  });
  expect(timelineOf(refused).map(({ what }) => what)).toEqual([
    'Arrived',
    'Ended: no_lawful_target, after 1.05 s',
  ]);
  expect([decidedMs, firstContentMs]).toEqual([2, 300]);
});

it('draws every step within its line, wide enough to be seen', () => {
  const step = { what: '', startMs: 1050, lengthMs: 0, tone: 'good' } as const;
  expect(placeOf(step, 1050)).toEqual({ x: 994, width: 6 });
  expect(placeOf({ ...step, startMs: 0, lengthMs: 5000 }, 1000)).toEqual({ x: 0, width: 1000 });
});

it('writes durations with their unit', () => {
  expect([0.4, 850, 1250, 61_000].map(duration)).toEqual(['0 ms', '850 ms', '1.25 s', '61.0 s']);
});
