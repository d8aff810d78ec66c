import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leaseOf, leaseValue, pageOf } from '#adapters/aws/lease-page-item.ts';

const counts = fc.nat({ max: Number.MAX_SAFE_INTEGER });

it('gives a lease back as it was, and spends nothing on tokens where there are none', () => {
  fc.assert(
    fc.property(fc.record({ expiresAt: counts, kvTokens: counts }), (lease) => {
      expect(leaseOf(leaseValue(lease))).toEqual(lease);
    }),
  );
  expect(leaseValue({ expiresAt: 5, kvTokens: 0 })).toEqual({ L: [{ N: '5' }] });
});

it('knows what is no lease, and leaves it out of the page', () => {
  const leases = {
    good: leaseValue({ expiresAt: 5, kvTokens: 7 }),
    text: { S: 'x' },
    empty: { L: [] },
    words: { L: [{ S: 'now' }] },
    before: { L: [{ N: '-1' }] },
    part: { L: [{ N: '5' }, { N: '0.5' }] },
    endless: { L: [{ N: '1e30' }] },
  };
  expect([...pageOf({ leases: { M: leases } }).leases]).toEqual([['good', { expiresAt: 5, kvTokens: 7 }]]);
  expect(pageOf({}).leases.size).toBe(0);
  expect(pageOf({ leases: { S: 'nobody' } }).leases.size).toBe(0);
});
