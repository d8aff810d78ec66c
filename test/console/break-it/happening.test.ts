import { expect, it } from 'vitest';
import type { TrafficSecond } from '#contract/local-traffic.ts';
import { happeningAt, SECONDS_SHOWN } from '../../../console/break-it/happening.ts';

const base = Date.parse('2026-01-01T00:10:00Z');

const second = (offset: number, changes: Partial<TrafficSecond> = {}): TrafficSecond => ({
  at: new Date(base + offset * 1000).toISOString(),
  answeredByRegion: { 'eu-west-1': 2 },
  failedByCode: {},
  failedOver: 0,
  millisecondsP50: 100,
  millisecondsP95: 200,
  ...changes,
});

it('lays a minute out by who served it, failures after regions', () => {
  const seconds = [
    second(-61),
    second(-60, { answeredByRegion: { 'us-east-1': 7 } }),
    second(-10, {
      answeredByRegion: { 'eu-central-1': 1, 'eu-west-1': 3 },
      failedOver: 2,
      millisecondsP95: 900,
    }),
    second(-1, { failedByCode: { upstream_failed: 1 }, millisecondsP50: 300 }),
    // Under way: it would look like a loss.
    second(0, { answeredByRegion: { 'eu-west-1': 1 } }),
  ];
  const happening = happeningAt({ seconds }, base + 400);
  expect(happening.rows.map(({ name, isFailure, perSecondNow }) => [name, isFailure, perSecondNow])).toEqual([
    ['eu-central-1', false, 0.1],
    ['eu-west-1', false, 0.5],
    ['us-east-1', false, 0],
    ['upstream_failed', true, 0.1],
  ]);
  const west = happening.rows[1]?.counts ?? [];
  expect(west).toHaveLength(SECONDS_SHOWN);
  expect([west[50], west[59], west[58]]).toEqual([3, 2, 0]);
  expect(happening.rows[2]?.counts[0]).toBe(7);
  expect(happening).toMatchObject({
    countMax: 7,
    answered: 6,
    failed: 1,
    failedOver: 2,
    millisecondsP50: 300,
    millisecondsP95: 900,
  });
});

it('has no figures where nobody asked', () => {
  expect(happeningAt({ seconds: [] }, base)).toEqual({
    rows: [],
    countMax: 1,
    answered: 0,
    failed: 0,
    failedOver: 0,
    millisecondsP50: null,
    millisecondsP95: null,
  });
});
