import { describe, expect, it } from 'vitest';
import { chooseChecks } from '#core/discovery/choose-checks.ts';
import { geoProfile, plainModel } from '#test/builders/fake-region.ts';
import { plainObservation, regionReport } from '#test/builders/routes.ts';

const choose = (changes: Partial<Parameters<typeof chooseChecks>[0]>) =>
  chooseChecks({
    tracked: new Set(['a', 'b', 'c', 'd']),
    models: ['a', 'b', 'c', 'd'].map((id) => plainModel(id)),
    profiles: [],
    previous: undefined,
    checksMax: 10,
    turn: 0,
    ...changes,
  });

const known = (states: Readonly<Record<string, object>>) =>
  regionReport(
    'us-east-1',
    Object.entries(states).map(([modelId, change]) => plainObservation('us-east-1', { modelId, ...change })),
  );

describe('the checks of a run', () => {
  it('are of tracked models that are listed, alone or behind a profile', () => {
    expect(choose({ models: [plainModel('a'), plainModel('untracked')] })).toEqual(['a']);
    expect(choose({ models: [], profiles: [geoProfile('us.b', 'b', ['us-east-1'])] })).toEqual(['b']);
  });

  it('cost nothing for a model that the region never listed, or that is known to be gone', () => {
    const previous = known({
      a: { state: 'not-offered', reasons: ['not-listed'] },
      b: { state: 'not-offered', goneEvidence: 'three-lists' },
    });
    expect(choose({ models: [], previous })).toEqual([]);
  });

  it('take what vanished first, then what is unknown, then what is blocked, then the rest', () => {
    const previous = known({ a: {}, b: { state: 'no-agreement' }, c: { state: 'unknown' }, d: {} });
    const models = ['a', 'b', 'c'].map((id) => plainModel(id));
    expect(choose({ models, previous })).toEqual(['d', 'c', 'b', 'a']);
  });

  it('rotate over models with a quota of zero too: more answers about access would not end it', () => {
    const previous = known({ a: {}, b: { state: 'quota-zero' }, c: {} });
    const models = ['a', 'b', 'c'].map((id) => plainModel(id));
    expect(choose({ models, previous })).toEqual(['a', 'b', 'c']);
  });

  it('rotate over usable models when they are too many, so that each has its turn', () => {
    const previous = known({ a: {}, b: {}, c: {}, d: {} });
    const turns = [0, 1, 2, 3].map((turn) => choose({ previous, checksMax: 2, turn }));
    expect(turns[0]).toHaveLength(2);
    expect(new Set(turns.flat())).toEqual(new Set(['a', 'b', 'c', 'd']));
  });
});
