import { describe, expect, it } from 'vitest';
import { withHistory } from '#core/discovery/kept-changes.ts';
import { runsOf } from '#test/builders/discovery-runs.ts';
import { regionReport } from '#test/builders/routes.ts';

describe('what a report says of changes', () => {
  it('begins anew after a version that did not note everything', () => {
    const [first, second] = runsOf([{ a: 'available' }, { a: 'legacy' }]);
    const { history: _, ...older } = first ?? regionReport('us-east-1', []);
    expect(withHistory(older, second ?? older, []).history).toEqual({ from: 20, latest: [] });
  });

  it('carries what the log may lack, and begins anew where that is too much', () => {
    const [first, second] = runsOf([{ a: 'available' }, { a: 'legacy', b: 'available' }]);
    const unlogged = second?.history?.latest ?? [];
    expect(unlogged).toHaveLength(2);
    const next = { ...(second ?? regionReport('us-east-1', [])), at: 30 };
    expect(withHistory(second, next, unlogged).history).toEqual({ from: 10, latest: unlogged });
    const many = Array.from({ length: 501 }, () => unlogged).flat();
    expect(withHistory(first, next, many).history).toEqual({ from: 30, latest: [] });
  });
});
