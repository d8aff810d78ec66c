import { describe, expect, it } from 'vitest';
import { assumptionsOf, leftOut } from '#core/deploy-cost/assumptions.ts';
import { defaultUsage } from '#core/deploy-cost/usage.ts';

describe('assumptionsOf', () => {
  it('names each with its value and where it comes from', () => {
    const assumptions = assumptionsOf({ ...defaultUsage, requests: 42 });
    expect(assumptions[0]).toMatchObject({ name: 'requests a month', value: '42', basis: 'asked' });
    expect(assumptions[1]).toMatchObject({ name: 'a request keeps its function', basis: 'default' });
    for (const { name, value, why } of assumptions) {
      expect(name.length * value.length * why.length).toBeGreaterThan(0);
      expect(value).not.toContain('undefined');
    }
  });

  it('tells the option of what the user is to say, and the command of what was measured', () => {
    const assumptions = assumptionsOf(defaultUsage);
    expect(assumptions.filter(({ basis }) => basis === 'default')).toHaveLength(5);
    for (const { basis, why } of assumptions) {
      expect(basis).not.toBe('asked');
      if (basis === 'default') expect(why).toMatch(/^--[a-z-]+;/);
      if (basis === 'measured') expect(why).toContain('node bench/control-runs.ts');
    }
  });

  it('says what is not in the bill', () => {
    expect(leftOut.join(' ')).toMatch(/key-pepper.*Tokens.*Free allowances.*KMS requests of other/);
  });
});
