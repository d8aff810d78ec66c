import { describe, expect, it } from 'vitest';
import { nothingShared, type TallyMark } from '#core/health/shared-health.ts';
import { outcomesOfPeers, outcomesTold } from '#core/health/shared-outcomes.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { withEjection, withEvidence } from '#core/health/step-shared-health.ts';
import { noPeers } from '#core/health/success-rate.ts';
import { type TargetHealth, unknownHealth } from '#core/health/target-health.ts';

const start = 1_000_000;
const tally = (by: string, ms: number, good: number, failed: number): TallyMark => ({
  by,
  at: start + ms,
  good,
  failed,
});
const told = (...tallies: readonly TallyMark[]) => ({ ...nothingShared, tallies });
const answeredTimes = (count: number): TargetHealth =>
  Array.from({ length: count }).reduce<TargetHealth>(
    (health, _, ms) => stepHealth(health, { kind: 'answered', at: start + ms, firstContentMs: 50 }),
    unknownHealth,
  );

describe('what processes told of their answers', () => {
  it('adds up, for a minute, and since the last ejection', () => {
    const health = told(tally('p1', 0, 3, 1), tally('p2', 500, 2, 2));
    expect(outcomesTold(health, start + 1000)).toEqual({ good: 5, failed: 3 });
    expect(outcomesTold(health, start + 60_000)).toEqual({ good: 2, failed: 2 });
    const ejected = withEjection(told(tally('p1', 0, 3, 1)), { by: 'p1', at: start + 10 });
    expect(outcomesTold(ejected, start + 1000)).toEqual({ good: 0, failed: 0 });
  });

  it('is of each process what it told last', () => {
    const first = withEvidence(nothingShared, { tallies: [tally('p1', 0, 9, 1)] }, { by: 'p1', at: start });
    const second = withEvidence(first, { tallies: [tally('p1', 5, 8, 2)] }, { by: 'p1', at: start + 5 });
    expect(second.tallies).toEqual([tally('p1', 5, 8, 2)]);
  });
});

describe('the peers of a target', () => {
  const at = start + 100;

  it('are known by own calls and by what others told, and out while they are ejected', () => {
    const out = stepHealth(unknownHealth, { kind: 'failed', at, severity: 'fatal' });
    const shared = told(tally('me', 0, 20, 0), tally('p2', 1, 4, 6));
    const known = [{ own: answeredTimes(3) }, { own: unknownHealth, shared }, { own: out }];
    expect(outcomesOfPeers(known, { self: 'me', at })).toEqual({
      usable: [
        { good: 3, failed: 0 },
        { good: 4, failed: 6 },
      ],
      isAnyFailing: true,
    });
  });

  it('are not known by answers of over a minute ago', () => {
    const { usable } = outcomesOfPeers([{ own: answeredTimes(9) }], { at: start + 60_009 });
    expect(usable).toEqual([{ good: 0, failed: 0 }]);
  });
});

describe('failures between good answers, of which no process sees ten', () => {
  const witness = { by: 'p9', at: start + 900 };
  const three = [tally('p1', 0, 1, 3), tally('p2', 300, 2, 4), tally('p3', 600, 1, 2)];

  it('eject together where no peer is known, or one that does better', () => {
    const alone = withEvidence(nothingShared, { tallies: three }, { ...witness, peers: noPeers });
    expect(alone.standing?.phase).toBe('ejected');
    const peers = { usable: [{ good: 12, failed: 0 }], isAnyFailing: false };
    const told = withEvidence(nothingShared, { tallies: three }, { ...witness, peers });
    expect(told.standing).toMatchObject({ phase: 'ejected', by: 'p9', ejections: 1 });
  });

  it('do not while all known failures are one tenant’s, of however many sizes, and another is answered', () => {
    const ejectsAfter = (tenants: readonly string[], goodAt = start) => {
      const failures = tenants.map((tenant, index) => ({
        ...{ by: 'p1', at: witness.at - 200 * index, points: 1 },
        origin: `${tenant}.${index}`,
      }));
      const goods = [{ origin: 'shop.1', at: goodAt }];
      const evidence = { tallies: three, failures, goods };
      return withEvidence(nothingShared, evidence, { ...witness, peers: noPeers }).standing !== undefined;
    };
    expect(ejectsAfter(['evil', 'evil', 'evil', 'evil'])).toBe(false);
    expect(ejectsAfter(['evil', 'evil', 'bank', 'bank'])).toBe(true);
    expect(ejectsAfter(['evil', 'evil', 'evil', 'evil'], witness.at - 60_001)).toBe(true);
  });

  it('do not while the peers fail alike', () => {
    const peers = { usable: [{ good: 8, failed: 14 }], isAnyFailing: false };
    expect(withEvidence(nothingShared, { tallies: three }, { ...witness, peers }).standing).toBeUndefined();
  });
});
