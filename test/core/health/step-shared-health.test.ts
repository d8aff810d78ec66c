import { describe, expect, it } from 'vitest';
import {
  type FailureMark,
  joinHealth,
  nothingShared,
  type SharedHealth,
} from '#core/health/shared-health.ts';
import {
  isFailing,
  isSuspected,
  withEjection,
  withEvidence,
  withoutProbe,
  withProbe,
  withReturn,
} from '#core/health/step-shared-health.ts';

const start = 1_000_000;
const failure = (by: string, ms: number, origin = 'o', points = 1): FailureMark => ({
  by,
  at: start + ms,
  points,
  origin,
});
const told = (...failures: readonly FailureMark[]): SharedHealth =>
  joinHealth(nothingShared, { ...nothingShared, failures });
const answered = (ms: number, origin = 'o') => ({ origin, at: start + ms });

describe('failures of many processes', () => {
  const five = [0, 200, 400, 600, 800].map((ms, index) => failure(`p${index}`, ms));

  it('eject together by the fifth, once those who are answered well had the time to say so', () => {
    expect(isFailing(told(...five.slice(0, 4)), start + 800)).toBe(false);
    expect(isFailing(told(...five), start + 799)).toBe(false);
    expect(isFailing(told(...five), start + 800)).toBe(true);
  });

  it('of one process alone, or fewer of them, take two seconds', () => {
    const alone = told(...five.map((mark) => ({ ...mark, by: 'p0' })));
    expect([isFailing(alone, start + 1999), isFailing(alone, start + 2000)]).toEqual([false, true]);
    const three = told(...five.slice(0, 3));
    expect([isFailing(three, start + 1999), isFailing(three, start + 2000)]).toEqual([false, true]);
  });

  it('say nothing once a call that began after them was answered well', () => {
    const health = withEvidence(told(...five), { goods: [answered(801)] }, { by: 'p9', at: start + 900 });
    expect([health.standing, isFailing(health, start + 5000)]).toEqual([undefined, false]);
    expect(
      isFailing(
        withEvidence(told(...five.slice(0, 4)), { goods: [answered(100)] }, { by: 'p9', at: start + 700 }),
        start + 5000,
      ),
    ).toBe(true);
  });

  it('make good answers news from the second on', () => {
    expect(isSuspected(told(five[0] ?? failure('p', 0)), start + 100)).toBe(false);
    expect(isSuspected(told(...five.slice(0, 2)), start + 300)).toBe(true);
  });

  it('of one tenant do not eject while others are answered well, and those of two do', () => {
    const others = { ...nothingShared, goods: [answered(-100, 'other')] };
    const ofOne = joinHealth(told(...five), others);
    expect(isFailing(ofOne, start + 3000)).toBe(false);
    const ofTwo = joinHealth(ofOne, told(failure('p7', 900, 'other'), failure('p8', 950, 'third')));
    expect(isFailing(ofTwo, start + 3000)).toBe(true);
  });

  it('of many sizes of one tenant do not eject either, though that tenant was answered last', () => {
    const sizes = five.map((mark, size) => ({ ...mark, origin: `evil.${size}` }));
    const goods = [answered(-50, 'evil.8'), answered(-40, 'evil.9'), answered(-100, 'shop.1')];
    const known = joinHealth(told(...sizes), { ...nothingShared, goods });
    expect(known.goods).toEqual([answered(-40, 'evil.9'), answered(-100, 'shop.1')]);
    expect(isFailing(known, start + 3000)).toBe(false);
    const alone = joinHealth(told(...sizes), { ...nothingShared, goods: goods.slice(0, 2) });
    expect(isFailing(alone, start + 3000)).toBe(true);
  });

  it('eject once, for five seconds more each time, until a long good time has passed', () => {
    const ejected = withEvidence(told(...five), {}, { by: 'p4', at: start + 800 });
    expect(ejected.standing).toMatchObject({ phase: 'ejected', ejections: 1, until: start + 5800, by: 'p4' });
    const more = withEvidence(ejected, { failures: [failure('p9', 900)] }, { by: 'p9', at: start + 3000 });
    expect(more.standing).toBe(ejected.standing);
    const again = withEjection(ejected, { by: 'p1', at: start + 6000 });
    expect(again.standing).toMatchObject({ ejections: 2, until: start + 16_000 });
    expect(withEjection(again, { by: 'p1', at: start + 400_000 }).standing?.ejections).toBe(1);
  });
});

describe('the place of the probe', () => {
  const ejected = withEjection(nothingShared, { by: 'p0', at: start });
  const due = start + 5000;

  it('is one, from the end of the ejection on', () => {
    expect(withProbe(nothingShared, { by: 'p1', at: due })).toBeUndefined();
    expect(withProbe(ejected, { by: 'p1', at: due - 1 })).toBeUndefined();
    const taken = withProbe(ejected, { by: 'p1', at: due });
    if (taken === undefined) throw new Error('nobody has the place');
    expect(withProbe(taken, { by: 'p2', at: due + 1 })).toBeUndefined();
    expect(withProbe(taken, { by: 'p2', at: due + 30_000 })).toBeDefined();
  });

  it('is free again when its caller left, and only by the word of who has it', () => {
    const taken = withProbe(ejected, { by: 'p1', at: due }) ?? ejected;
    expect(withoutProbe(taken, { by: 'p2' })).toBeUndefined();
    const freed = withoutProbe(taken, { by: 'p1' });
    expect(freed && withProbe(freed, { by: 'p2', at: due + 1 })).toBeDefined();
    // News of the end is newer than news of the beginning, in whichever order they come.
    expect(joinHealth(taken, freed ?? taken)).toEqual(freed);
  });

  it('leads back for everybody once it is answered', () => {
    const back = withReturn(ejected, { by: 'p1', at: due }, answered(5000));
    expect(back.standing).toMatchObject({ phase: 'returning', at: due, until: due + 10_000 });
    expect(joinHealth(ejected, back)).toEqual(back);
    expect(withReturn(back, { by: 'p2', at: due + 5 }, answered(5001)).standing).toBe(back.standing);
  });
});
