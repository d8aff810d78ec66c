import { expect, it } from 'vitest';
import { shareOfLimit } from '#core/limits/share-of-limit.ts';

it('divides a limit evenly, to the last unit and never beyond', () => {
  for (const limit of [1, 3, 30, 31, 100, 999_999_999])
    for (const count of [1, 2, 3, 4, 21]) {
      const shares = Array.from({ length: count }, (_, index) => shareOfLimit(limit, { count, index }));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(limit);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }
});
