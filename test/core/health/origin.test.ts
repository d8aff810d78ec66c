import { describe, expect, it } from 'vitest';
import { originOf, tenantPartOf } from '#core/health/origin.ts';

describe('an origin', () => {
  const call = { tenant: 'acme', work: 'chat' as const, inputTokensMin: 100 };

  it('is a tenant, a kind of work and a class of size, and tells none of them', () => {
    const origin = originOf(call);
    expect(originOf({ ...call, inputTokensMin: 200 })).toBe(origin);
    const others = [
      { tenant: 'globex' },
      { work: 'embedding' as const },
      { inputTokensMin: 5000 },
      { inputTokensMin: null },
    ];
    expect(new Set([origin, ...others.map((change) => originOf({ ...call, ...change }))]).size).toBe(5);
    expect(origin).toMatch(/^[0-9a-z]{1,7}\.[0-9a-z]{1,7}$/);
  });

  it('has a part that is its tenant’s, whatever is asked, and is all of what an older version told', () => {
    const own = tenantPartOf(originOf(call));
    expect(tenantPartOf(originOf({ ...call, work: 'embedding', inputTokensMin: 5000 }))).toBe(own);
    expect(tenantPartOf(originOf({ ...call, tenant: 'globex' }))).not.toBe(own);
    expect(['a.b', '1x9k', ''].map(tenantPartOf)).toEqual(['a', '1x9k', '']);
  });
});
