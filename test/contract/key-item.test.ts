import { describe, expect, it } from 'vitest';
import { keyItemSchema } from '#contract/key-item.ts';

const item = {
  schema: 1,
  tenant: 'demo',
  label: 'ci',
  slot: 1,
  keyId: '0123456789ab',
  hash: 'a'.repeat(64),
  pepperId: 'b'.repeat(12),
  createdAt: '2026-11-21T07:30:00.000Z',
  createdBy: 'alice',
  changedAt: '2026-11-21T07:30:00.000Z',
};

describe('a key item', () => {
  it('needs no end and no scopes', () => {
    expect(keyItemSchema.parse(item)).toEqual(item);
  });

  it.each([
    ['a schema of a later time', { schema: 2 }],
    ['an end that is no time', { expiresAt: 'tomorrow' }],
    ['a revocation that is no time', { revokedAt: true }],
    ['scopes that are no list', { residencies: 'eu' }],
    ['scopes without any name, which could mean all or none', { residencies: [] }],
    ['models without any name', { models: [] }],
    ['a third slot', { slot: 3 }],
    ['a hash that is cut', { hash: 'a'.repeat(63) }],
    ['a key id that no key can have', { keyId: 'ABCDEFGHIJKL' }],
    ['a tenant that is no name', { tenant: '*' }],
  ])('is refused with %s', (_, change) => {
    expect(keyItemSchema.safeParse({ ...item, ...change }).success).toBe(false);
  });
});
