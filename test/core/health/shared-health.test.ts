import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FAILURES_MAX,
  joinHealth,
  nextEpisode,
  nothingShared,
  type SharedHealth,
  TALLIES_MAX,
} from '#core/health/shared-health.ts';
import { aHealthView, viewsFrom } from '#test/builders/health-views.ts';

const start = viewsFrom;
const shared = aHealthView;

describe('two views of one target', () => {
  it('come to the same whichever is read first, and however often', () => {
    fc.assert(
      fc.property(shared, shared, shared, (one, two, three) => {
        expect(joinHealth(one, two)).toEqual(joinHealth(two, one));
        expect(joinHealth(one, one)).toEqual(one);
        expect(joinHealth(joinHealth(one, two), three)).toEqual(joinHealth(one, joinHealth(two, three)));
        expect(joinHealth(joinHealth(one, two), two)).toEqual(joinHealth(one, two));
      }),
    );
  });

  it('never grow past their bounds', () => {
    fc.assert(
      fc.property(fc.array(shared, { maxLength: 6 }), (views) => {
        const joined = views.reduce(joinHealth, nothingShared);
        expect(joined.failures.length).toBeLessThanOrEqual(FAILURES_MAX);
        expect(joined.goods.length).toBeLessThanOrEqual(2);
        expect(joined.tallies.length).toBeLessThanOrEqual(TALLIES_MAX);
        expect(JSON.stringify(joined).length).toBeLessThan(2200);
      }),
    );
  });

  it('keep the later ejection, whatever the clocks of those who told', () => {
    const at = (episode: number, when: number): SharedHealth => ({
      ...nothingShared,
      standing: { episode, phase: 'ejected', at: when, until: when + 5000, ejections: 1, by: 'p1' },
    });
    const first = at(start + 2000, start + 2000);
    // Whoever ejects next has read of the first, and its clock is two seconds behind.
    const second = at(nextEpisode(first, start - 2000), start - 2000);
    expect(second.standing?.episode).toBeGreaterThan(first.standing?.episode ?? 0);
    expect(joinHealth(first, second)).toEqual(second);
  });
});
