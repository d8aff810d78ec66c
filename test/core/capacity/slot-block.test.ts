import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEASE_AHEAD_MS_MAX, LEASE_MS, LEASE_OVERDUE_MS, leaseExpiry } from '#core/capacity/lease.ts';
import {
  type BlockBook,
  type BlockClaim,
  claimBlock,
  emptyBook,
  fairLevel,
  grownIn,
  keptIn,
} from '#core/capacity/slot-block.ts';

const at = Date.UTC(2026, 10, 21, 8);
const limit = { target: 'chat', slots: 12, copies: 1 };
const slots = (count: number) => ({ slots: count, kvTokens: 0 });

function claim(book: BlockBook, holder: string, change: Partial<BlockClaim>): BlockBook {
  const sequence = (book.blocks.get(holder)?.sequence ?? 0) + 1;
  const claims = { holder, limit, held: slots(0), inUse: slots(0), wants: slots(0), sequence, at };
  const claimed = claimBlock(book, { ...claims, ...change });
  const after = claimed.grows ? grownIn(book, book, claimed) : keptIn(book, holder, claimed.block);
  if (after === undefined) throw new Error('nobody came between');
  return after;
}

const slotsOf = (book: BlockBook, holder: string): number | undefined => book.blocks.get(holder)?.slots;

describe('the fair level of a limit', () => {
  it.each([
    [12, [3, 4], 12],
    [12, [12, 12], 6],
    [12, [2, 12, 12], 5],
    [5, [5, 5], 2],
    [1, [3, 3, 3], 0],
    [7, [], 7],
  ])('of %i among wants of %j is %i', (most, wants, level) => expect(fairLevel(most, wants)).toBe(level));
});

describe('a claim of a block', () => {
  it('gets what it wants while nobody else has it, and no more than is left', () => {
    const one = claim(emptyBook, 'one', { wants: slots(8) });
    expect(slotsOf(one, 'one')).toBe(8);
    const two = claim(one, 'two', { wants: slots(8) });
    expect(slotsOf(two, 'two')).toBe(4);
    expect(two.blocks.get('two')?.expiresAt).toBe(leaseExpiry(at));
  });

  it('takes nothing from a holder, who gives back beyond its fair share what it does not use', () => {
    const one = claim(emptyBook, 'one', { wants: slots(12) });
    const two = claim(one, 'two', { wants: slots(12) });
    expect(slotsOf(two, 'two')).toBe(0);
    const busy = claim(two, 'one', { held: slots(12), inUse: slots(9), wants: slots(12) });
    expect(slotsOf(busy, 'one')).toBe(9);
    const idle = claim(busy, 'one', { held: slots(9), inUse: slots(2), wants: slots(12) });
    expect(slotsOf(idle, 'one')).toBe(6);
    expect(slotsOf(claim(idle, 'two', { wants: slots(12) }), 'two')).toBe(6);
  });

  it('believes no block, and no learning, that would last longer than any clock is wrong', () => {
    const book = (until: number): BlockBook => ({
      version: 1,
      learningUntil: until,
      blocks: new Map([['forged', { ...slots(12), wants: slots(12), expiresAt: until, sequence: 1 }]]),
    });
    const far = claim(book(Date.UTC(9999, 0, 1)), 'one', { wants: slots(8) });
    expect(slotsOf(far, 'one')).toBe(8);
    expect(far.blocks.has('forged')).toBe(false);
    expect(far.learningUntil).toBe(0);
    const near = claim(book(at + LEASE_AHEAD_MS_MAX), 'one', { wants: slots(8) });
    expect(slotsOf(near, 'one')).toBe(0);
    expect(near.blocks.has('forged')).toBe(true);
  });

  it('takes what another let lapse only when no clock may still trust it', () => {
    const one = claim(emptyBook, 'one', { wants: slots(12) });
    const lapsed = leaseExpiry(at) + LEASE_OVERDUE_MS;
    expect(slotsOf(claim(one, 'two', { wants: slots(12), at: lapsed - 1 }), 'two')).toBe(0);
    const taken = claim(one, 'two', { wants: slots(12), at: lapsed });
    expect([...taken.blocks.keys()]).toEqual(['two']);
    expect(slotsOf(taken, 'two')).toBe(12);
  });

  it('learns from holders what a lost book has said, until all that it may have said has lapsed', () => {
    const found = claim(emptyBook, 'one', { held: slots(7), inUse: slots(3), wants: slots(12) });
    expect(slotsOf(found, 'one')).toBe(7);
    const stranger = claim(found, 'two', { wants: slots(5) });
    expect(slotsOf(stranger, 'two')).toBe(0);
    const over = at + LEASE_MS + LEASE_OVERDUE_MS;
    const again = claim(stranger, 'one', { held: slots(7), inUse: slots(3), wants: slots(3), at: over });
    expect(slotsOf(again, 'one')).toBe(3);
    expect(slotsOf(claim(again, 'two', { wants: slots(5), at: over }), 'two')).toBe(5);
  });

  it('never lends more than the limit, and all of it where it is wanted, whoever comes in whatever order', () => {
    const step = fc.record({
      holder: fc.nat(4),
      wants: fc.nat(14),
      used: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let book = emptyBook;
        for (const { holder, wants, used } of steps) {
          const name = `process-${holder}`;
          const held = slotsOf(book, name) ?? 0;
          const inUse = slots(Math.floor(held * used));
          book = claim(book, name, { held: slots(held), inUse, wants: slots(wants) });
          const lent = [...book.blocks.values()].reduce((sum, block) => sum + block.slots, 0);
          expect(lent).toBeLessThanOrEqual(limit.slots);
          expect(slotsOf(book, name)).toBeGreaterThanOrEqual(inUse.slots);
        }
        // A few times round, with nothing in use: everybody has come back from what was too much.
        const names = [...book.blocks.keys()];
        for (const name of [...names, ...names, ...names]) {
          const wants = slots(limit.slots);
          book = claim(book, name, { held: slots(slotsOf(book, name) ?? 0), wants });
        }
        const lent = [...book.blocks.values()].reduce((sum, block) => sum + block.slots, 0);
        expect(lent).toBe(book.blocks.size === 0 ? 0 : limit.slots);
      }),
    );
  });
});
