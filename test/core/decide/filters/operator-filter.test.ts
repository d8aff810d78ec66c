import { expect, it } from 'vitest';
import { operatorFilter } from '#core/decide/filters/operator-filter.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

it('removes what operators switched off, and nothing else', () => {
  const { id } = aCandidate().target;
  expect(operatorFilter.judge(aCandidate(), aQuestion({ disabled: new Set([id]) }))).toBe(
    'operator-disabled',
  );
  expect(operatorFilter.judge(aCandidate(), aQuestion({ disabled: new Set(['other']) }))).toBeUndefined();
});
