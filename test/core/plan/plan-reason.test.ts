import { describe, expect, it } from 'vitest';
import { nameSome, reasonFor } from '#core/plan/plan-reason.ts';
import { standing } from '#test/builders/plan-question.ts';

describe('the reason of a plan', () => {
  const previous = standing();

  it('counts the targets of a first route', () => {
    expect(reasonFor(undefined, previous.targets, [])).toBe('first route: 3 targets');
    expect(reasonFor(undefined, previous.targets.slice(0, 1), [])).toBe('first route: 1 target');
  });

  it('names what came and what went, and why', () => {
    const [gone, ...rest] = previous.targets;
    if (gone === undefined) throw new Error('the standing route has no target');
    const removal = { target: gone.id, why: 'not-configured', evidence: true, residency: false };
    const next = [...rest, { ...gone, id: 'new' }];
    expect(reasonFor(previous, next, [removal])).toBe(`added new; removed ${gone.id} (not-configured)`);
    expect(reasonFor(previous, previous.targets, [])).toBe('targets changed in order or detail');
  });

  it('names five and counts the others', () => {
    expect(nameSome(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d, e');
    expect(nameSome(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d, e and 2 more');
  });
});
