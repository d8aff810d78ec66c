import { describe, expect, it } from 'vitest';
import { changesBetween, sameTargets } from '#core/discovery/compare-observations.ts';
import { plainObservation, regionReport } from '#test/builders/routes.ts';

describe('two runs', () => {
  const before = plainObservation('us-east-1');

  it('are the same when nothing but times moved', () => {
    expect(sameTargets([before], [{ ...before, observedAt: 9, since: 9 }])).toBe(true);
  });

  it.each([
    { state: 'legacy' as const },
    { stale: true },
    { reasons: ['x'] },
    { reach: ['us-east-1', 'us-west-2'] },
    { lifecycle: 'LEGACY' },
    { copies: 3 },
    { absentLists: 1 },
    { endOfLifeTime: '2027-01-01T00:00:00.000Z' },
    { inputModalities: undefined },
    { goneEvidence: 'operator' as const },
  ])('differ by %j', (change) => {
    expect(sameTargets([before], [{ ...before, ...change }])).toBe(false);
  });

  it('differ in number', () => {
    expect(sameTargets([before], [])).toBe(false);
  });

  it('tell which states moved, and nothing of a first run', () => {
    const next = regionReport(
      'us-east-1',
      [{ ...before, state: 'legacy' }, plainObservation('us-east-1', { modelId: 'new' })],
      { at: 7 },
    );
    expect(changesBetween(undefined, next)).toEqual([]);
    const was = { from: 'available', fromReasons: before.reasons, fromSince: before.since };
    expect(changesBetween(regionReport('us-east-1', [before]), next)).toEqual([
      { target: before.id, ...was, to: 'legacy', reasons: [], at: 7 },
      { target: '111111111111/us-east-1/new', from: undefined, to: 'available', reasons: [], at: 7 },
    ]);
    expect(changesBetween(next, regionReport('us-east-1', [], { at: 8 }))).toMatchObject([
      { target: before.id, from: 'legacy', to: undefined, at: 8, last: { id: before.id, state: 'legacy' } },
      { target: '111111111111/us-east-1/new', to: undefined, at: 8 },
    ]);
  });
});
