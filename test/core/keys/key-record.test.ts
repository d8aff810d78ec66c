import { describe, expect, it } from 'vitest';
import { keyStateAt } from '#core/keys/key-record.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const iso = '2026-11-21T12:00:00.000Z';

describe('a key', () => {
  it('lives until the instant at which it expires, and no longer', () => {
    expect(keyStateAt({}, noon)).toBe('live');
    expect(keyStateAt({ expiresAt: iso }, noon - 1)).toBe('live');
    expect(keyStateAt({ expiresAt: iso }, noon)).toBe('expired');
  });

  it('is revoked whatever the clock says', () => {
    expect(keyStateAt({ revokedAt: iso }, noon - 60_000)).toBe('revoked');
    expect(keyStateAt({ revokedAt: iso, expiresAt: iso }, noon)).toBe('revoked');
  });

  it('has expired where its end cannot be read', () => {
    expect(keyStateAt({ expiresAt: 'soon' }, noon)).toBe('expired');
  });
});
