import { describe, expect, it } from 'vitest';
import {
  cellKinds,
  cellSigns,
  isUsable,
  kindOfCell,
  kindOfTarget,
  tellingTarget,
  whyOf,
} from '#contract/availability-cells.ts';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';

const target = (state: string, scope = 'in-region') =>
  anAvailabilityTarget({ region: 'eu-central-1', state, scope });

describe('what a model is worth in a region', () => {
  it.each([
    ['available', 'in-region', 'plain', true],
    ['available', 'geo', 'profile', true],
    ['available', 'global', 'global-only', true],
    ['warm', 'dedicated', 'warm', true],
    ['legacy', 'in-region', 'legacy', true],
    ['warming', 'dedicated', 'cold', false],
    ['profile-only', 'in-region', 'not-offered', false],
    ['unknown', 'in-region', 'unknown', false],
    ['quota-zero', 'in-region', 'blocked', false],
  ] as const)('%s, %s is %s', (state, scope, kind, usable) => {
    expect(kindOfTarget(target(state, scope))).toBe(kind);
    expect(isUsable(kind)).toBe(usable);
  });

  it('is the best of its targets, and a shape of its own', () => {
    expect(kindOfCell([target('denied'), target('available', 'global'), target('legacy')])).toBe(
      'global-only',
    );
    expect(kindOfCell([])).toBe('not-offered');
    expect(new Set(cellKinds.map((kind) => cellSigns[kind].symbol)).size).toBe(cellKinds.length);
  });
});

describe('why nothing can be used', () => {
  it('is told by the target of which somebody could repair something', () => {
    const told = ['profile-only', 'unknown', 'no-agreement'].map((state) => target(state));
    expect(tellingTarget(told)?.state).toBe('no-agreement');
    expect(tellingTarget([])).toBeUndefined();
  });

  it('is the state in words, with what the API said', () => {
    expect(whyOf({ state: 'no-agreement', reasons: ['no-agreement', 'agreement-pending'] })).toBe(
      'no agreement (agreement-pending)',
    );
    expect(whyOf({ state: 'not-offered', reasons: [] })).toBe('not offered');
  });
});
