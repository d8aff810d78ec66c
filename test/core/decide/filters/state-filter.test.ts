import { describe, expect, it } from 'vitest';
import { stateFilter } from '#core/decide/filters/state-filter.ts';
import type { TargetState } from '#core/target.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';

describe('state', () => {
  const usable: readonly TargetState[] = ['available', 'legacy', 'warm'];
  const unusable: readonly TargetState[] = [
    'profile-only',
    'not-authorized',
    'not-entitled',
    'no-agreement',
    'not-offered',
    'quota-zero',
    'denied',
    'warming',
    'cold',
    'unknown',
  ];
  it('keeps what can take a request and removes the rest', () => {
    for (const state of usable) expect(stateFilter.judge(aCandidate({ state }), aQuestion())).toBeUndefined();
    for (const state of unusable)
      expect(stateFilter.judge(aCandidate({ state }), aQuestion())).toBe('state-unusable');
    expect(stateFilter.judge(aCandidate({ state: 'unknown' }, 'baseline'), aQuestion())).toBeUndefined();
  });

  it('keeps a sleeper that has answered since discovery looked, as long as that is believed', () => {
    const judged = (state: TargetState, until: number) => {
      const candidate = aCandidate({ state });
      const awake = new Map([[candidate.target.id, until]]);
      const question = aQuestion();
      return stateFilter.judge(candidate, { ...question, conditions: { ...noConditions, awake } });
    };
    const { at } = aQuestion();
    expect([judged('cold', at + 1), judged('warming', at + 1)]).toEqual([undefined, undefined]);
    expect([judged('cold', at), judged('denied', at + 1)]).toEqual(['state-unusable', 'state-unusable']);
  });
});
