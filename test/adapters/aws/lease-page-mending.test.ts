import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { leaseValue } from '#adapters/aws/lease-page-item.ts';
import { mendingUpdate } from '#adapters/aws/lease-page-mending.ts';
import { LEASE_AHEAD_MS_MAX, LEASE_TRUSTED_MS, leaseExpiry } from '#core/capacity/lease.ts';

const at = Date.UTC(2026, 10, 21, 8);
const admission = {
  lease: { leaseId: 'new', expiresAt: leaseExpiry(at), kvTokens: 0 },
  room: { slots: 16, kvTokens: undefined },
  removed: [],
};
const page = (leases: Readonly<Record<string, AttributeValue>>, kvTokens: number) => ({
  leases: { M: { ...leases } },
  kvTokens: { N: String(kvTokens) },
});
const held = leaseValue({ expiresAt: at + LEASE_TRUSTED_MS, kvTokens: 10 });

describe('a page that gateways wrote', () => {
  it('is left as it is, full or overdue, and so is one that is not there', () => {
    const overdue = leaseValue({ expiresAt: at - 60_000, kvTokens: 5 });
    expect(mendingUpdate({}, admission)).toBeUndefined();
    expect(mendingUpdate(page({}, 0), admission)).toBeUndefined();
    expect(mendingUpdate(page({ held, overdue }, 15), admission)).toBeUndefined();
    const furthest = leaseValue({ expiresAt: leaseExpiry(at) + LEASE_AHEAD_MS_MAX, kvTokens: 0 });
    expect(mendingUpdate(page({ furthest }, 0), admission)).toBeUndefined();
  });
});

describe('a page that something else wrote to', () => {
  it('loses what nobody holds, only as it was seen, and keeps the sum of the others', () => {
    const endless = leaseValue({ expiresAt: leaseExpiry(at) + LEASE_AHEAD_MS_MAX + 1, kvTokens: 3 });
    const update = mendingUpdate(page({ held, endless, text: { S: 'x' } }, 99), admission);
    expect(update?.UpdateExpression).toBe('SET #kv = :kv REMOVE #leases.#x0, #leases.#x1');
    expect(update?.ExpressionAttributeNames).toMatchObject({ '#x0': 'endless', '#x1': 'text' });
    expect(update?.ConditionExpression).toBe(
      '#kv = :kvSeen AND #leases.#x0[0] = :x0 AND NOT attribute_type(#leases.#x1[0], :number)',
    );
    expect(update?.ExpressionAttributeValues).toMatchObject({ ':kv': { N: '10' }, ':kvSeen': { N: '99' } });
  });

  it('has a sum again that is its leases’', () => {
    const update = mendingUpdate(page({ held }, 0), admission);
    expect(update).toMatchObject({
      UpdateExpression: 'SET #kv = :kv',
      ConditionExpression: '#kv = :kvSeen',
      ExpressionAttributeValues: { ':kv': { N: '10' }, ':kvSeen': { N: '0' } },
    });
    expect(mendingUpdate({ leases: { M: { held } } }, admission)?.ConditionExpression).toBe(
      'attribute_not_exists(#kv)',
    );
  });

  it('is emptied where it has no leases at all', () => {
    const update = mendingUpdate({ leases: { S: 'nobody' } }, admission);
    expect(update?.ConditionExpression).toBe('NOT attribute_type(#leases, :map)');
    expect(update?.ExpressionAttributeValues).toMatchObject({ ':leases': { M: {} }, ':kv': { N: '0' } });
  });

  it('loses 32 lapsed leases at a time where there are more than an admission could remove', () => {
    const lapsed = leaseValue({ expiresAt: 1, kvTokens: 0 });
    const crowd = Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`old-${index}`, lapsed]));
    const update = mendingUpdate(page({ ...crowd, held }, 10), admission);
    expect(update?.UpdateExpression?.split(',')).toHaveLength(32);
    expect(Object.values(update?.ExpressionAttributeNames ?? {})).not.toContain('held');
  });
});
