import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeHealth } from '#core/health/judge-health.ts';
import { stepHealth } from '#core/health/step-health.ts';
import {
  type HealthEvent,
  PACE_LENGTH,
  type TargetHealth,
  unknownHealth,
} from '#core/health/target-health.ts';

const start = 1_000_000;
const failed = (at: number, severity: 'plain' | 'slow' | 'fatal' = 'plain'): HealthEvent => ({
  kind: 'failed',
  at,
  severity,
});
const answered = (at: number, firstContentMs = 100, peersFirstContentMs?: number): HealthEvent => ({
  kind: 'answered',
  at,
  firstContentMs,
  peersFirstContentMs,
});
const healthAfter = (events: readonly HealthEvent[], from: TargetHealth = unknownHealth) =>
  events.reduce(stepHealth, from);
const failures = (count: number, at = start) =>
  Array.from({ length: count }, (_, index) => failed(at + index));

it('keeps the median of the last answers beside them', () => {
  const times = fc.array(fc.nat({ max: 900 }), { minLength: 1, maxLength: 2 * PACE_LENGTH });
  expect(unknownHealth.typicalFirstContentMs).toBeUndefined();
  fc.assert(
    fc.property(times, (all) => {
      const { pace, typicalFirstContentMs } = healthAfter(
        all.map((ms, index) => answered(start + index, ms)),
      );
      expect(pace).toEqual(all.slice(-PACE_LENGTH));
      expect(typicalFirstContentMs).toBe(pace.toSorted((one, other) => one - other)[pace.length >> 1]);
    }),
  );
});

describe('a failing target', () => {
  it('is ejected by the fifth failure in a row', () => {
    expect(healthAfter(failures(4)).kind).toBe('healthy');
    expect(healthAfter(failures(5)).kind).toBe('ejected');
  });

  it('is ejected by a second failure two seconds after the first, with no good answer between', () => {
    expect(healthAfter([failed(start), failed(start + 2000)]).kind).toBe('ejected');
    expect(healthAfter([failed(start), answered(start + 1000), failed(start + 2000)]).kind).toBe('healthy');
  });

  it('is ejected by its second passed deadline, and at once when it says that it can never serve', () => {
    expect(healthAfter([failed(start, 'slow')]).kind).toBe('healthy');
    expect(healthAfter([failed(start, 'slow'), failed(start + 1, 'slow')]).kind).toBe('ejected');
    expect(healthAfter([failed(start, 'fatal')]).kind).toBe('ejected');
  });

  it('is ejected within ten outcomes when more than half are bad', () => {
    const mixed = Array.from({ length: 10 }, (_, index) =>
      index % 3 === 0 ? answered(start + index) : failed(start + index),
    );
    expect(healthAfter(mixed).kind).toBe('ejected');
  });

  it('is not judged by what was five minutes ago', () => {
    const poor = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((ms) =>
      ms % 3 === 2 ? answered(start + ms) : failed(start + ms),
    );
    const later = start + 8 + 300_001;
    expect(healthAfter([...poor, failed(start + 9)]).kind).toBe('ejected');
    expect(healthAfter([...poor, failed(later)])).toMatchObject({ kind: 'healthy', recent: [''] });
  });

  it('leaves within ten requests of its first failure, whatever they are, when none succeeds', () => {
    const severity = fc.constantFrom('plain' as const, 'slow' as const, 'fatal' as const);
    fc.assert(
      fc.property(fc.array(severity, { minLength: 10, maxLength: 10 }), (severities) => {
        const health = healthAfter(severities.map((each, index) => failed(start + index, each)));
        expect(judgeHealth(health, start + 10, 0)).toBe('ejected');
      }),
    );
  });
});

describe('a slow target', () => {
  it('is ejected when it takes more than twenty times what its peers take', () => {
    expect(healthAfter([answered(start, 2100, 100), answered(start + 1, 2100, 100)]).kind).toBe('ejected');
    expect(healthAfter([answered(start, 2000, 100), answered(start + 1, 2000, 100)]).kind).toBe('healthy');
  });

  it('is not called slow for a few milliseconds among fast ones, nor without peers', () => {
    expect(healthAfter([answered(start, 900, 1), answered(start + 1, 900, 1)]).kind).toBe('healthy');
    expect(healthAfter([answered(start, 60_000), answered(start + 1, 60_000)]).kind).toBe('healthy');
  });

  it('is held to its own pace when callers give up on it', () => {
    const paced = healthAfter(Array.from({ length: 10 }, (_, index) => answered(start + index, 300)));
    const early: HealthEvent = { kind: 'gave-up', at: start + 100, waitedMs: 200 };
    const late: HealthEvent = { kind: 'gave-up', at: start + 100, waitedMs: 400 };
    expect(healthAfter([early, early, early, early], paced).kind).toBe('healthy');
    expect(healthAfter([late, late], paced).kind).toBe('ejected');
  });

  it('is given up on at a second where its pace is unknown', () => {
    expect(
      healthAfter([
        { kind: 'gave-up', at: start, waitedMs: 999 },
        { kind: 'gave-up', at: start, waitedMs: 999 },
      ]),
    ).toEqual(unknownHealth);
    expect(
      healthAfter([
        { kind: 'gave-up', at: start, waitedMs: 1000 },
        { kind: 'gave-up', at: start, waitedMs: 1000 },
      ]).kind,
    ).toBe('ejected');
  });
});

describe('the way back', () => {
  const ejected = healthAfter(failures(5, start));
  const until = start + 4 + 5000;

  it('leads over one probe and a growing share to full health', () => {
    const probing = stepHealth(ejected, { kind: 'probe-started', at: until });
    expect(probing.kind).toBe('half-open');
    const returning = stepHealth(probing, answered(until + 500));
    expect(returning).toMatchObject({ kind: 'returning', since: until + 500, until: until + 10_500 });
    expect(stepHealth(returning, answered(until + 10_500)).kind).toBe('healthy');
  });

  it('is twice as long after a failed probe, and no longer than a minute ever', () => {
    const again = healthAfter([{ kind: 'probe-started', at: until }, failed(until + 1)], ejected);
    expect(again).toMatchObject({ kind: 'ejected', ejections: 2, until: until + 1 + 10_000 });
    let health: TargetHealth = again;
    for (let round = 0; round < 50; round += 1)
      health = healthAfter([{ kind: 'probe-started', at: until }, failed(until)], health);
    expect(health).toMatchObject({ kind: 'ejected', until: until + 60_000 });
  });

  it('does not count an answer that had begun before the ejection', () => {
    expect(stepHealth(ejected, answered(start + 10)).kind).toBe('ejected');
  });

  it('is free for the next one when the caller of the probe leaves', () => {
    const left = healthAfter(
      [
        { kind: 'probe-started', at: until },
        { kind: 'abandoned', at: until + 5 },
      ],
      ejected,
    );
    expect(judgeHealth(left, until + 5, 0)).toBe('probe');
  });

  it('starts at the first step again after five good minutes', () => {
    const healthy = healthAfter(
      [{ kind: 'probe-started', at: until }, answered(until), answered(until + 10_000)],
      ejected,
    );
    const later = until + 400_000;
    expect(healthAfter(failures(5, later), healthy)).toMatchObject({ kind: 'ejected', ejections: 1 });
    expect(healthAfter(failures(5, until + 20_000), healthy)).toMatchObject({
      kind: 'ejected',
      ejections: 2,
    });
  });
});

it('stays small and plain after any events, so that it can be written down', () => {
  const event: fc.Arbitrary<HealthEvent> = fc.oneof(
    fc.record({ kind: fc.constant('answered' as const), at: fc.nat(), firstContentMs: fc.nat() }),
    fc.record({
      kind: fc.constant('failed' as const),
      at: fc.nat(),
      severity: fc.constantFrom('plain' as const, 'slow' as const, 'fatal' as const),
    }),
    fc.record({ kind: fc.constant('gave-up' as const), at: fc.nat(), waitedMs: fc.nat() }),
    fc.record({ kind: fc.constant('probe-started' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('abandoned' as const), at: fc.nat() }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 100 }), fc.nat(), (events, at) => {
      const health = healthAfter(events);
      expect(health.pace.length).toBeLessThanOrEqual(PACE_LENGTH);
      expect(['usable', 'probe', 'ejected']).toContain(judgeHealth(health, at, 0.5));
      expect(judgeHealth(JSON.parse(JSON.stringify(health)), at, 0.5)).toBe(judgeHealth(health, at, 0.5));
    }),
  );
});
