import { describe, expect, it } from 'vitest';
import { credentialsFilter } from '#core/decide/filters/credentials-filter.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';

describe('credentials', () => {
  it('leaves an account, or one region of it, alone for a moment', () => {
    const resting = (key: string, until = 1_000_001) =>
      aQuestion({ conditions: { ...noConditions, resting: new Map([[key, until]]) } });
    expect(credentialsFilter.judge(aCandidate(), resting('account:111111111111'))).toBe('ejected');
    expect(credentialsFilter.judge(aCandidate(), resting('account:111111111111/us-east-1'))).toBe('ejected');
    expect(credentialsFilter.judge(aCandidate(), resting('account:111111111111', 1_000_000))).toBeUndefined();
    expect(credentialsFilter.judge(aCandidate(), resting('account:222222222222'))).toBeUndefined();
    expect(credentialsFilter.judge(aCandidate(), resting('account:111111111111/us-west-2'))).toBeUndefined();
  });
});
