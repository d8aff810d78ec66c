import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { believeHealth } from '#core/health/believe-health.ts';
import { nothingShared } from '#core/health/shared-health.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { type HealthEvent, type TargetHealth, unknownHealth } from '#core/health/target-health.ts';
import { aHealthView, anInstant, viewsFrom } from '#test/builders/health-views.ts';

const start = viewsFrom;
const instant = anInstant;
const shared = aHealthView;
const event: fc.Arbitrary<HealthEvent> = fc.oneof(
  fc.record({ kind: fc.constant('answered' as const), at: instant, firstContentMs: fc.nat({ max: 500 }) }),
  fc.record({
    kind: fc.constant('failed' as const),
    at: instant,
    severity: fc.constantFrom('plain' as const, 'slow' as const, 'fatal' as const),
  }),
  fc.record({ kind: fc.constant('probe-started' as const), at: instant }),
);
const own: fc.Arbitrary<TargetHealth> = fc
  .array(event, { maxLength: 12 })
  .map((events) => events.reduce(stepHealth, unknownHealth));

describe('what is believed', () => {
  const as = (at: number) => ({ self: 'p1', at });

  it('is the same after the second reading', () => {
    fc.assert(
      fc.property(own, shared, instant, (health, view, at) => {
        const once = believeHealth(health, view, as(at));
        expect(believeHealth(once, view, as(at))).toEqual(once);
      }),
    );
  });

  it('is not undone by an older view', () => {
    fc.assert(
      fc.property(own, shared, shared, instant, (health, one, two, at) => {
        const [older, newer] =
          (one.standing?.episode ?? 0) < (two.standing?.episode ?? 0) ? [one, two] : [two, one];
        fc.pre(older.standing?.episode !== newer.standing?.episode);
        const believed = believeHealth(health, newer, as(at));
        fc.pre(believed.episode === newer.standing?.episode);
        expect(believeHealth(believed, older, as(at))).toBe(believed);
      }),
    );
  });

  it('closes a target for a minute at most, whatever a clock says', () => {
    const far = { episode: 9e15, phase: 'ejected' as const, at: 9e15, until: 9e15, ejections: 1, by: 'p2' };
    const believed = believeHealth(unknownHealth, { ...nothingShared, standing: far }, as(start));
    expect(believed).toMatchObject({ kind: 'ejected', until: start + 62_000 });
  });

  it('is an ejection at once in a process that starts during the outage, and the return with all others', () => {
    const out = { episode: start, at: start, ejections: 2, by: 'p2' };
    const ejected = {
      ...nothingShared,
      standing: { ...out, phase: 'ejected' as const, until: start + 10_000 },
    };
    const believed = believeHealth(unknownHealth, ejected, as(start + 3000));
    expect(believed).toMatchObject({ kind: 'ejected', until: start + 10_000, ejections: 2 });
    const back = { ...out, phase: 'returning' as const, at: start + 11_000, until: start + 21_000 };
    const later = believeHealth(believed, { ...ejected, standing: back }, as(start + 12_000));
    expect(later).toMatchObject({ kind: 'returning', since: start + 11_000, until: start + 21_000 });
    expect(believeHealth(unknownHealth, { ...ejected, standing: back }, as(start + 30_000)).kind).toBe(
      'healthy',
    );
  });

  it('is that another process probes, until it has had its time', () => {
    const probe = { by: 'p2', at: start + 6000, open: true };
    const standing = {
      episode: start,
      phase: 'ejected' as const,
      at: start,
      until: start + 5000,
      ejections: 1,
      by: 'p2',
      probe,
    };
    const view = { ...nothingShared, standing };
    expect(believeHealth(unknownHealth, view, as(start + 7000)).kind).toBe('half-open');
    expect(believeHealth(unknownHealth, view, as(start + 40_000)).kind).toBe('ejected');
    const ended = { ...view, standing: { ...standing, probe: { ...probe, open: false } } };
    const waited = believeHealth(unknownHealth, view, as(start + 7000));
    expect(believeHealth(waited, ended, as(start + 8000)).kind).toBe('ejected');
  });

  it('is not that a target returned before it failed here', () => {
    const back = {
      episode: start,
      phase: 'returning' as const,
      at: start + 5000,
      until: start + 15_000,
      ejections: 1,
      by: 'p2',
    };
    const failed = stepHealth(unknownHealth, { kind: 'failed', at: start + 6000, severity: 'fatal' });
    expect(believeHealth(failed, { ...nothingShared, standing: back }, as(start + 7000))).toBe(failed);
  });
});
