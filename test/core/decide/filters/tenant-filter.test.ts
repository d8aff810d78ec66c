import { expect, it } from 'vitest';
import { tenantFilter } from '#core/decide/filters/tenant-filter.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion } from '#test/builders/a-question.ts';

it('removes scopes that the tenant may not use', () => {
  const question = aQuestion({ tenantScopes: ['dedicated', 'in-region'] });
  expect(tenantFilter.judge(aCandidate(), question)).toBeUndefined();
  expect(tenantFilter.judge(aCandidate({ scope: 'geo' }), question)).toBe('tenant-forbidden');
  expect(tenantFilter.judge(aCandidate({ scope: 'geo' }), aQuestion())).toBeUndefined();
});
