import { expect, it } from 'vitest';
import {
  CLOCK_SKEW_MS_MAX,
  isOverdue,
  kvTokensOfCopy,
  LEASE_MS,
  LEASE_RENEWED_AGAIN_MS,
  LEASE_RENEWED_MS,
  LEASE_TRUSTED_MS,
  leaseExpiry,
  neverFits,
} from '#core/capacity/lease.ts';

/** When the taker's clock first says that the slot is free, in true time after the grant. */
function takenOverAfterMs(skews: { readonly holder: number; readonly taker: number }): number {
  const expiresAt = leaseExpiry(1_000_000 + skews.holder);
  for (let afterMs = 0; ; afterMs += 100)
    if (isOverdue(expiresAt, 1_000_000 + afterMs + skews.taker)) return afterMs;
}

it('is never taken over while its holder trusts it, and always within 32 s, however wrong the clocks are', () => {
  const skews = [-CLOCK_SKEW_MS_MAX, -700, 0, 1300, CLOCK_SKEW_MS_MAX];
  const after = skews.flatMap((holder) => skews.map((taker) => takenOverAfterMs({ holder, taker })));
  // By its own clock the holder stops after so long, whatever that clock says.
  expect(Math.min(...after)).toBe(LEASE_TRUSTED_MS);
  expect(Math.max(...after)).toBe(LEASE_MS + CLOCK_SKEW_MS_MAX);
  expect(LEASE_MS + CLOCK_SKEW_MS_MAX).toBe(32_000);
});

it('outlives three lost renewals', () => {
  expect(LEASE_TRUSTED_MS).toBeGreaterThan(LEASE_RENEWED_MS + 3 * LEASE_RENEWED_AGAIN_MS);
});

it('never fits where it is larger than what one copy holds', () => {
  const limit = { target: 'a', slots: 8, kvTokens: 1001, copies: 2 };
  expect(kvTokensOfCopy(limit)).toBe(500);
  expect(neverFits(limit, 500)).toBe(false);
  expect(neverFits(limit, 501)).toBe(true);
  expect(neverFits({ ...limit, kvTokens: undefined }, 1e9)).toBe(false);
  // One slot fills one copy at a time, wherever it is.
  expect(kvTokensOfCopy({ ...limit, slots: 1 })).toBe(1001);
});
