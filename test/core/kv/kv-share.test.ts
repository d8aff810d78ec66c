import { describe, expect, it } from 'vitest';
import { kvShareHeld } from '#core/kv/kv-share.ts';

describe('the share of a cache that requests held', () => {
  it('sums up to the mean share of a minute', () => {
    // Half of the cache all the time, held by one after the other, and a quarter of it for a third of the minute.
    const halves = [10_000, 20_000, 30_000].map((heldMs) => ({ kvTokens: 5_000, heldMs }));
    const requests = [...halves, { kvTokens: 2_500, heldMs: 20_000 }];
    const sum = requests.reduce((total, each) => total + kvShareHeld({ ...each, lendableTokens: 10_000 }), 0);
    expect(sum).toBeCloseTo(0.5 + 0.25 / 3, 12);
  });

  it('is less of a larger cache', () => {
    const request = { kvTokens: 1_000, heldMs: 60_000 };
    expect(kvShareHeld({ ...request, lendableTokens: 2_000 })).toBe(0.5);
    expect(kvShareHeld({ ...request, lendableTokens: 4_000 })).toBe(0.25);
  });
});
