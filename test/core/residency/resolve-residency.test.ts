import { describe, expect, it } from 'vitest';
import { residencyIncludes, resolveResidency } from '#core/residency/resolve-residency.ts';
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

describe('a residency', () => {
  it('allows the regions of its jurisdictions and those it names', () => {
    const policy = resolveResidency('asia', { jurisdictions: ['JP'], regions: ['xx-north-9'] }, shippedFacts);
    expect(policy).toEqual({
      name: 'asia',
      allowed: new Set(['ap-northeast-1', 'ap-northeast-3', 'xx-north-9']),
    });
  });

  it('allows nothing through a jurisdiction that the facts do not know', () => {
    expect(resolveResidency('x', { jurisdictions: ['EU'] }, emptyFacts).allowed).toEqual(new Set());
    expect(resolveResidency('x', {}, shippedFacts).allowed).toEqual(new Set());
  });

  it('never takes a wildcard for a region', () => {
    expect(resolveResidency('x', { regions: ['*', 'eu-west-1', ''] }, shippedFacts).allowed).toEqual(
      new Set(['eu-west-1']),
    );
  });

  it('is unbounded only when it says any', () => {
    expect(resolveResidency('anywhere', { jurisdictions: 'any' }, emptyFacts).allowed).toBe('any');
  });
});

describe('a wider residency', () => {
  const of = (jurisdictions: 'any' | string[]) => resolveResidency('x', { jurisdictions }, shippedFacts);

  it('includes the narrower one, itself, and nothing else', () => {
    expect(residencyIncludes(of(['EEA']), of(['DE']))).toBe(true);
    expect(residencyIncludes(of(['DE']), of(['DE']))).toBe(true);
    expect(residencyIncludes(of(['DE']), of(['EEA']))).toBe(false);
    expect(residencyIncludes(of(['US']), of(['DE']))).toBe(false);
  });

  it('is any for all, and any is inside no other', () => {
    expect(residencyIncludes(of('any'), of(['US']))).toBe(true);
    expect(residencyIncludes(of('any'), of('any'))).toBe(true);
    expect(residencyIncludes(of(['US']), of('any'))).toBe(false);
  });
});
