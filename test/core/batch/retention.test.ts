import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForgotten, keptMsOf, lifecycleDays } from '#core/batch/retention.ts';

const DAY_MS = 86_400_000;

describe('what is kept', () => {
  it('is gone from the bucket within the configured days, whenever it was written, and shown for as long as it is there', () => {
    const days = fc.integer({ min: 3, max: 30 });
    const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
    fc.assert(
      fc.property(days, instant, (retentionDays, writtenAt) => {
        const aged = writtenAt + lifecycleDays(retentionDays) * DAY_MS;
        const goneAt = Math.ceil(aged / DAY_MS) * DAY_MS;
        expect(goneAt - writtenAt).toBeLessThanOrEqual(retentionDays * DAY_MS);
        expect(writtenAt + keptMsOf(retentionDays)).toBeLessThanOrEqual(goneAt);
      }),
    );
  });

  it('is nobody’s from that instant on', () => {
    expect(isForgotten({ createdAt: 10 }, 5, 14)).toBe(false);
    expect(isForgotten({ createdAt: 10 }, 5, 15)).toBe(true);
  });
});
