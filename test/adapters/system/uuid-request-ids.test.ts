import { describe, expect, it } from 'vitest';
import { uuidRequestIds } from '#adapters/system/uuid-request-ids.ts';

describe('request ids', () => {
  it('are UUIDs, and no two are alike', () => {
    const ids = Array.from({ length: 1_000 }, () => uuidRequestIds.next());
    expect(new Set(ids).size).toBe(1_000);
    expect(
      ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true);
  });
});
