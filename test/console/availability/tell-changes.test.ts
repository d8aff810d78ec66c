import { describe, expect, it } from 'vitest';
import type { AvailabilityChanges } from '#contract/availability-changes.ts';
import { changeLine, changesPath } from '../../../console/availability/tell-changes.ts';

const now = Date.UTC(2026, 10, 22, 6);
const state = (name: string) => ({ state: name, reasons: [], since: '2026-11-20T00:00:00Z' });

const change = (
  facts: Partial<AvailabilityChanges['changes'][number]>,
): AvailabilityChanges['changes'][number] => ({
  id: '111111111111/us-east-1/a.one',
  account: '111111111111',
  region: 'us-east-1',
  modelId: 'a.one',
  scope: 'in-region',
  kind: 'changed',
  at: '2026-11-20T00:00:00Z',
  hint: { who: 'account-owner', text: 'Accept it.' },
  steps: [],
  stepsLeftOut: 0,
  ...facts,
});

describe('what changed', () => {
  it('is told in words, with what was before', () => {
    const told = [
      change({ before: state('available'), after: state('no-agreement') }),
      change({ kind: 'appeared', after: state('available') }),
      change({ kind: 'left', before: state('quota-zero') }),
      change({ kind: 'lost' }),
    ].map((each) => changeLine(each).text);
    expect(told).toEqual([
      'the model agreement is not accepted; before: can be called',
      'New: can be called',
      'Gone; before: its quota is 0 here',
      'It moved, and nobody noted how',
    ]);
    expect(changeLine(change({ profileId: 'us.a.one' }))).toMatchObject({
      name: 'us.a.one',
      place: 'us-east-1, 111111111111',
      hint: 'Accept it.',
    });
  });

  it('is asked for back from now, or between two moments of UTC in their order', () => {
    const path = (span: 'day' | 'week' | 'between', from = '', to = '') =>
      changesPath({ span, from, to }, now);
    expect(path('day')).toBe('/spillway/v1/availability/changes?since=2026-11-21T06%3A00%3A00.000Z');
    expect(path('week')).toContain('since=2026-11-15T06');
    expect(path('between', '2026-11-01T08:30', '2026-11-02T00:00')).toBe(
      '/spillway/v1/availability/changes?since=2026-11-01T08%3A30%3A00.000Z&until=2026-11-02T00%3A00%3A00.000Z',
    );
    expect(path('between', '2026-11-02T00:00', '2026-11-01T00:00')).toBeUndefined();
    expect(path('between', '2026-11-02T00:00')).toBeUndefined();
  });
});
