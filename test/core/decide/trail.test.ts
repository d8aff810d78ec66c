import { expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import { scorers } from '#core/decide/scorers/scorers.ts';
import { type TargetHealth, unknownHealth } from '#core/health/target-health.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget({ id: 'east' });
const west = aTarget({ id: 'west', region: 'us-west-2' });

it('tells of the scores as they were, also to whoever asks after the world has moved on', () => {
  const paced = (typicalFirstContentMs: number): TargetHealth => ({
    ...unknownHealth,
    typicalFirstContentMs,
  });
  const health = new Map([
    ['east', paced(200)],
    ['west', paced(400)],
  ]);
  const { trail } = decide(aQuestion({ targets: [west, east], conditions: { ...noConditions, health } }));
  health.set('east', paced(9000));
  const latency = scorers.findIndex(({ name }) => name === 'latency');
  expect(trail.scored().map(({ target, scoresBps }) => [target, scoresBps[latency]])).toEqual([
    ['east', 10_000],
    ['west', 5000],
  ]);
});

it('tells once of a target of both tiers that left both for one reason', () => {
  const disabled = new Set(['west']);
  const { trail } = decide(aQuestion({ targets: [west, east], baseline: [west], disabled }));
  expect(trail.removed).toEqual([{ target: 'west', by: 'operator', code: 'operator-disabled' }]);
});

it('does not say that a target left which health alone had removed and which is asked all the same', () => {
  const ejected: TargetHealth = { kind: 'ejected', until: 2_000_000, pace: [], ejections: 1 };
  const conditions = { ...noConditions, health: new Map([['east', ejected]]) };
  const { kind, trail } = decide(aQuestion({ targets: [east], conditions }));
  expect([kind, trail.removed]).toEqual(['routed', []]);
});

it('has no word of dropped features and of ways to JSON where there are none', () => {
  expect(Object.keys(decide(aQuestion({ targets: [east] })).trail)).toEqual(['removed', 'scored']);
});
