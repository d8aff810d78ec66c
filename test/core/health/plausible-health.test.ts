import { describe, expect, it } from 'vitest';
import { isPlausibleTime, plausibleHealth } from '#core/health/plausible-health.ts';
import { nothingShared, type SharedHealth } from '#core/health/shared-health.ts';
import { EJECTION_MS_MAX } from '#core/health/step-health.ts';

const at = 1_000_000;
const latest = at + EJECTION_MS_MAX + 2000;

const withUntil = (until: number): SharedHealth => ({
  ...nothingShared,
  standing: { episode: at, phase: 'ejected', at, until, ejections: 3, by: 'p1' },
});

describe('what a process can have told', () => {
  it('is no further ahead than the longest ejection by the fastest clock', () => {
    expect(isPlausibleTime(latest, at)).toBe(true);
    expect(isPlausibleTime(latest + 1, at)).toBe(false);
  });

  it('is kept as it is', () => {
    const health = withUntil(latest);
    expect(plausibleHealth(health, at)).toBe(health);
    expect(plausibleHealth(nothingShared, at)).toBe(nothingShared);
  });

  it('loses an ejection that lasts longer, or the place of a probe that is to come, and nothing else', () => {
    const failures = [{ by: 'p1', at, points: 1, origin: 'o' }];
    const tallies = [{ by: 'p1', at, good: 3, failed: 1 }];
    const told = { ...nothingShared, failures, tallies };
    expect(plausibleHealth({ ...withUntil(latest + 1), failures, tallies }, at)).toEqual(told);
    const ahead = { ...told, tallies: [...tallies, { by: 'p2', at: latest + 1, good: 0, failed: 20 }] };
    expect(plausibleHealth(ahead, at)).toEqual(told);
    const { standing } = withUntil(at);
    if (standing === undefined) throw new Error('it has one');
    const probed = { ...standing, probe: { by: 'p2', at: latest + 1, open: true } };
    expect(plausibleHealth({ ...nothingShared, standing: probed }, at)).toEqual({
      ...nothingShared,
      standing,
    });
  });
});
