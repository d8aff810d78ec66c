/** Any view that processes can have told of a target, within 40 s of `viewsFrom`. */
import fc from 'fast-check';
import { joinHealth, nothingShared, type SharedHealth } from '#core/health/shared-health.ts';

export const viewsFrom = 1_000_000;

const name = fc.constantFrom('p1', 'p2', 'p3');
export const anInstant = fc.nat({ max: 40_000 }).map((ms) => viewsFrom + ms);
const standing = fc.record(
  {
    episode: anInstant,
    phase: fc.constantFrom('ejected' as const, 'returning' as const),
    at: anInstant,
    until: anInstant,
    ejections: fc.integer({ min: 1, max: 20 }),
    by: name,
    probe: fc.record({ by: name, at: anInstant, open: fc.boolean() }),
  },
  { requiredKeys: ['episode', 'phase', 'at', 'until', 'ejections', 'by'] },
);
/** Of two tenants with two origins each, and of a version whose origins had one part. */
const origin = fc.constantFrom('a.1', 'a.2', 'b.1', 'b.2', 'c');
const failure = fc.record({
  by: name,
  at: anInstant,
  points: fc.integer({ min: 1, max: 5 }),
  origin,
});
const good = fc.record({ origin, at: anInstant });
const tally = fc.record({
  by: fc.nat({ max: 20 }).map((each) => `p${each}`),
  at: anInstant,
  good: fc.nat({ max: 20 }),
  failed: fc.nat({ max: 20 }),
});

/** Made by joining, as every view that is stored is. */
export const aHealthView: fc.Arbitrary<SharedHealth> = fc
  .record(
    {
      failures: fc.array(failure, { maxLength: 20 }),
      goods: fc.array(good, { maxLength: 5 }),
      tallies: fc.array(tally, { maxLength: 20 }),
      standing,
    },
    { requiredKeys: ['failures', 'goods', 'tallies'] },
  )
  .map((view) => joinHealth(nothingShared, view));
