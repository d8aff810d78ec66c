import { describe, expect, it } from 'vitest';
import { capacitySchema } from '#contract/capacity.ts';

describe('the capacity of a configuration', () => {
  it('is kept by the shell’s own ledger, and leaves serverless targets to their quotas, unless it says otherwise', () => {
    expect(capacitySchema.parse({})).toEqual({
      remoteShare: 0.1,
      safeShare: 0,
      spill: { shareMax: 0.8, waitShareMax: 0.1, bulkWaitShareMax: 0.5, returnShareMin: 1 / 16 },
    });
  });

  it.each([
    [{ ledger: 'redis' }, ['ledger'], 'must be "pages", "blocks" or "memory"'],
    [{ processesMax: 0 }, ['processesMax'], 'must be a whole number from 1 to 100000'],
    [{ safeShare: 1.5 }, ['safeShare'], 'must be a number from 0 to 1'],
    [{ serverlessSlots: 0 }, ['serverlessSlots'], 'must be a whole number from 1 to 100000'],
    [{ serverlessSlots: 1.5 }, ['serverlessSlots'], 'must be a whole number from 1 to 100000'],
    [{ spill: { shareMax: 0 } }, ['spill', 'shareMax'], 'must be a number from 0.01 to 1'],
    [{ spill: { returnShareMin: 0.6 } }, ['spill', 'returnShareMin'], 'must be a number from 0 to 0.5'],
  ])('rejects %j', (given, path, message) => {
    const parsed = capacitySchema.safeParse(given);
    expect(parsed.error?.issues.map((issue) => [issue.path, issue.message])).toEqual([[path, message]]);
  });

  it('rejects what it does not know', () => {
    expect(capacitySchema.safeParse({ slots: 3 }).success).toBe(false);
  });
});
