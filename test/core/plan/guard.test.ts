import { describe, expect, it } from 'vitest';
import { continueRefusal, judgeChange, pages, type Removal } from '#core/plan/guard.ts';
import { plainTarget } from '#test/builders/routes.ts';

const previous = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((id) =>
  plainTarget('us-east-1', { id }),
);
const removal = (target: string, changes: Partial<Removal> = {}): Removal => ({
  target,
  why: 'profile-only',
  evidence: false,
  residency: false,
  ...changes,
});
const judge = (removals: readonly Removal[], vanishShareMax = 0.3) => {
  const gone = new Set(removals.map((each) => each.target));
  const next = previous.filter((target) => !gone.has(target.id));
  return judgeChange({ previous, next, removals, limits: { vanishShareMax } });
};

describe('the guard', () => {
  it('lets pass a share up to its limit, and not one more', () => {
    expect(judge(['a', 'b', 'c'].map((id) => removal(id)))).toBeUndefined();
    expect(judge(['a', 'b', 'c', 'd'].map((id) => removal(id)))).toMatchObject({ code: 'vanish-share' });
    expect(judge([removal('a')], 0)).toMatchObject({ code: 'vanish-share' });
  });

  it('counts only what nobody vouches for', () => {
    const vouched = previous.slice(1).map(({ id }) => removal(id, { evidence: true }));
    expect(judge(vouched)).toBeUndefined();
    expect(judge(previous.map(({ id }) => removal(id, { residency: true })))).toBeUndefined();
  });

  it('refuses to lose the last target to a single absence without evidence', () => {
    const removals = previous.map(({ id }, index) => removal(id, { evidence: index > 0 }));
    expect(judge(removals, 1)).toMatchObject({ code: 'would-empty' });
  });

  it('says why, with the names', () => {
    expect(judge(['a', 'b', 'c', 'd'].map((id) => removal(id)))?.why).toBe(
      'would lose 40 % of its targets without evidence (limit 30 %): a (profile-only), b (profile-only), c (profile-only), d (profile-only)',
    );
  });
});

describe('a refusal', () => {
  const refusal = { model: 'chat', residency: 'us', code: 'vanish-share', why: 'x' } as const;

  it('pages after three runs and fifteen minutes, both', () => {
    const minute = 60_000;
    let row = continueRefusal(undefined, refusal, 0);
    expect(row).toMatchObject({ runs: 1, since: 0 });
    row = continueRefusal(row, refusal, 20 * minute);
    expect(pages(row, 20 * minute)).toBe(false);
    row = continueRefusal(row, refusal, 21 * minute);
    expect(pages(row, 21 * minute)).toBe(true);
    expect(pages({ ...row, runs: 50 }, 15 * minute - 1)).toBe(false);
  });

  it('goes on when its reason changes', () => {
    const row = continueRefusal(
      continueRefusal(undefined, refusal, 5),
      { ...refusal, code: 'would-empty', why: 'y' },
      9,
    );
    expect(row).toMatchObject({ runs: 2, since: 5, code: 'would-empty', why: 'y' });
  });
});
