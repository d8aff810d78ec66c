import { expect, it } from 'vitest';
import { residencyFilter } from '#core/decide/filters/residency-filter.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

it('removes what the one judgement calls unlawful, in every tier', () => {
  const verdict = { lawful: false, offending: ['*'], why: 'reach-everywhere' } as const;
  for (const tier of ['dedicated', 'serverless', 'baseline'] as const) {
    expect(residencyFilter.judge(aCandidate({}, tier), aQuestion())).toBeUndefined();
    expect(residencyFilter.judge({ ...aCandidate({}, tier), verdict }, aQuestion())).toBe(
      'residency-forbidden',
    );
  }
});
