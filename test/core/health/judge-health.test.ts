import { describe, expect, it } from 'vitest';
import { failedWithin, judgeHealth } from '#core/health/judge-health.ts';
import { type TargetHealth, unknownHealth } from '#core/health/target-health.ts';

const kept = { pace: [], ejections: 1 };
const ejected: TargetHealth = { ...kept, kind: 'ejected', until: 5000 };
const halfOpen: TargetHealth = { ...kept, kind: 'half-open', probedAt: 5000 };
const returning: TargetHealth = { ...kept, kind: 'returning', since: 10_000, until: 20_000 };

describe('judging health', () => {
  it.each([
    ['a target that nobody has asked', unknownHealth, 0, 0.99, 'usable'],
    ['an ejected target in its time', ejected, 4999, 0, 'ejected'],
    ['an ejected target after its time', ejected, 5000, 0.99, 'probe'],
    ['a target whose probe is under way', halfOpen, 5001, 0, 'ejected'],
    ['a target whose probe never came back', halfOpen, 35_000, 0, 'probe'],
    ['a tenth of the requests at the start of a return', returning, 10_000, 0.09, 'usable'],
    ['the others at the start of a return', returning, 10_000, 0.1, 'ejected'],
    ['half of the requests in the middle of a return', returning, 15_000, 0.49, 'usable'],
    ['the other half', returning, 15_000, 0.5, 'ejected'],
    ['everybody at the end of a return', returning, 20_000, 0.99, 'usable'],
  ] as const)('%s', (_, health, at, fraction, verdict) => {
    expect(judgeHealth(health, at, fraction)).toBe(verdict);
  });

  it('knows a recent failure', () => {
    expect(failedWithin(unknownHealth, 1000, 500)).toBe(false);
    expect(failedWithin({ ...unknownHealth, lastFailureAt: 500 }, 1000, 500)).toBe(true);
    expect(failedWithin({ ...unknownHealth, lastFailureAt: 499 }, 1000, 500)).toBe(false);
  });
});
