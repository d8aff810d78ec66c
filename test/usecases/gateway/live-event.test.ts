import { expect, it } from 'vitest';
import { liveEventSchema } from '#contract/live.ts';
import { aRequestRecord } from '#test/builders/a-request-record.ts';
import { liveEventOf, type StandingCall } from '#usecases/gateway/live-event.ts';
import { LiveTally } from '#usecases/gateway/live-tally.ts';
import { liveViewOf } from '#usecases/gateway/live-view.ts';

const tenant = { name: 'demo', residencies: ['us', 'eu'], models: ['*'] };
const everything = liveViewOf({ tenant, isOperator: true });
const own = liveViewOf({ tenant, isOperator: false });
const held = (target: string, changes: Partial<StandingCall> = {}): StandingCall => ({
  ...{ target, tenant: 'demo', residency: 'us', model: 'chat-small', lane: 'bulk', slotsMax: 8 },
  ...changes,
});
const moment = {
  at: Date.UTC(2026, 10, 22, 8),
  atMs: 2000,
  coversMs: 1000.04,
  gateway: 'us-east-1',
  waiting: [],
  held: [],
};

it('adds one model up over tenants and residencies, and makes an hour of what the window cost', () => {
  const tally = new LiveTally(0);
  tally.add(aRequestRecord(), {});
  tally.add(aRequestRecord({ residency: 'eu' }), {});
  tally.add(aRequestRecord({ tenant: 'other', durationMs: 900 }), {});
  const event = liveEventSchema.strict().parse(liveEventOf(everything, tally, moment));
  expect(event).toMatchObject({
    requests: 3,
    coversMs: 1000,
    models: [{ model: 'chat-small', requests: 3 }],
  });
  // 6 micro-USD in two seconds.
  expect(event.costUsdPerHour).toBeCloseTo(0.0108, 6);
  expect(event.slow.map(({ totalMs }) => totalMs)).toEqual([900, 100, 100]);
  expect(liveEventOf(own, tally, moment)).toMatchObject({ requests: 2, sees: 'tenant' });
});

it('tells the fullest targets first, a hundred at most, and to tenants no more than what they hold', () => {
  const many = Array.from({ length: 120 }, (_, index) => held(`t-${index}`));
  const all = [...many, held('t-7'), held('t-9', { tenant: 'other' })];
  const told = liveEventOf(everything, new LiveTally(0), { ...moment, held: all, waiting: [held('t-1')] });
  expect(told.targets).toHaveLength(100);
  expect(told.targets.slice(0, 2)).toEqual([
    { target: 't-7', slots: 2, slotsMax: 8 },
    { target: 't-9', slots: 2, slotsMax: 8 },
  ]);
  expect(told.lanes.bulk).toEqual({ waiting: 1, slots: 122 });
  const seen = liveEventOf(own, new LiveTally(0), { ...moment, held: all });
  expect(seen.lanes.bulk.slots).toBe(121);
  expect(seen.targets[0]).toEqual({ target: 't-7', slots: 2 });
});

it('tells which regions were asked under each residency, failed calls too, and the busiest first', () => {
  const attempt = (region: string, outcome: string) => ({
    target: `222222222222/${region}/amazon.nova-lite-v1:0`,
    tier: 'serverless' as const,
    outcome,
    durationMs: 50,
  });
  const dark = [attempt('eu-central-1', 'unreachable'), attempt('eu-west-1', 'answered')];
  const tally = new LiveTally(0);
  tally.add(aRequestRecord({ residency: 'eu', attempts: dark }), {});
  tally.add(aRequestRecord({ residency: 'eu', model: 'chat-large', attempts: dark }), {});
  tally.add(aRequestRecord({ residency: 'eu', attempts: [attempt('eu-west-1', 'answered')] }), {});
  tally.add(aRequestRecord({ tenant: 'other', attempts: [attempt('us-east-1', 'answered')] }), {});
  tally.endSecond(1000);
  const eu = [
    { residency: 'eu', region: 'eu-west-1', asked: 3, answered: 3 },
    { residency: 'eu', region: 'eu-central-1', asked: 2, answered: 0 },
  ];
  expect(liveEventOf(own, tally, moment).went).toEqual(eu);
  expect(liveEventOf(everything, tally, moment).went).toEqual([
    ...eu,
    { residency: 'us', region: 'us-east-1', asked: 1, answered: 1 },
  ]);
  expect(liveEventOf(own, tally, moment).went).toEqual(eu);
});
