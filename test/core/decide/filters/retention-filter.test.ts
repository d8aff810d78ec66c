import { expect, it } from 'vitest';
import { retentionFilter } from '#core/decide/filters/retention-filter.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

it('removes models whose provider would keep more than the residency lets it', () => {
  const retentionForbidden = new Set(['amazon.nova-lite-v1:0']);
  expect(retentionFilter.judge(aCandidate(), aQuestion({ retentionForbidden }))).toBe('retention-forbidden');
  expect(
    retentionFilter.judge(aCandidate({ modelId: 'other' }), aQuestion({ retentionForbidden })),
  ).toBeUndefined();
  expect(retentionFilter.judge(aCandidate(), aQuestion())).toBeUndefined();
});
