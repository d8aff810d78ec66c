import { describe, expect, it } from 'vitest';
import { type NoisyNeighbour, othersWaitMs } from '../../../bench/capacity/lanes.ts';

/** Each of 10 tenants asks for 95 % of its even part of 64 slots, and one of them for 50 times as much. */
const world: Omit<NoisyNeighbour, 'times'> = {
  slots: 64,
  tenants: 10,
  loadShare: 0.95,
  calls: 9_000,
  seeds: [1, 2, 3],
};

describe('beside a tenant at 50 times its share', () => {
  const alone = othersWaitMs({ ...world, times: 1 });

  it('the others wait at most 1.2 times as long as when all keep to theirs (99th percentile)', () => {
    expect(alone).toBeGreaterThan(1000);
    expect(othersWaitMs({ ...world, times: 50 }) / alone).toBeLessThanOrEqual(1.2);
  });

  it('fails where nobody knows whose a call is', () => {
    const blind = { ...world, tenantsUnknown: true, seeds: [1], calls: 3000 };
    expect(othersWaitMs({ ...blind, times: 50 }) / alone).toBeGreaterThan(3);
  });
});
