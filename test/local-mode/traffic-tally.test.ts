import { expect, it } from 'vitest';
import type { TrafficAnswer } from '#contract/local-traffic.ts';
import { TrafficTally } from '#local-mode/traffic-tally.ts';

const answer = (changes: Partial<TrafficAnswer>): TrafficAnswer => ({
  at: '2026-01-01T00:00:00.100Z',
  model: 'chat-large',
  gateway: 'us-east-1',
  milliseconds: 100,
  status: 200,
  code: null,
  tier: 'serverless',
  region: 'us-east-1',
  attempts: 1,
  ...changes,
});

it('sums up what ended within a second, and keeps failures apart', () => {
  const tally = new TrafficTally();
  for (const milliseconds of [300, 100, 200]) tally.add(answer({ milliseconds }));
  tally.add(answer({ region: 'us-west-2', attempts: 2, milliseconds: 900 }));
  tally.add(answer({ code: 'rate_limited', status: 429, region: null, attempts: null, milliseconds: 9_999 }));
  tally.add(answer({ at: '2026-01-01T00:00:03.000Z', code: 'unreachable', status: null }));
  expect(tally.seconds).toEqual([
    {
      at: '2026-01-01T00:00:00.000Z',
      answeredByRegion: { 'us-east-1': 3, 'us-west-2': 1 },
      failedByCode: { rate_limited: 1 },
      failedOver: 1,
      millisecondsP50: 200,
      millisecondsP95: 900,
    },
    {
      at: '2026-01-01T00:00:03.000Z',
      answeredByRegion: {},
      failedByCode: { unreachable: 1 },
      failedOver: 0,
      millisecondsP50: null,
      millisecondsP95: null,
    },
  ]);
  expect([tally.answered, tally.failed]).toEqual([4, 2]);
  expect(tally.recent[0]?.code).toBe('unreachable');
});

it('keeps two minutes and fifty answers, however long it runs', () => {
  const tally = new TrafficTally();
  for (let second = 0; second < 500; second += 1)
    tally.add(answer({ at: new Date(second * 1000).toISOString() }));
  expect(tally.seconds).toHaveLength(120);
  expect(tally.seconds.at(-1)?.at).toBe('1970-01-01T00:08:19.000Z');
  expect(tally.recent).toHaveLength(50);
  expect(tally.answered).toBe(500);
});
