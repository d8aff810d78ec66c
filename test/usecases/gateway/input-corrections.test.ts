import { describe, expect, it } from 'vitest';
import { createInputCorrections } from '#usecases/gateway/input-corrections.ts';

const call = (tenant: string, estimated = 1_000) => ({ tenant, modelId: 'm', estimated });

describe('corrections of input estimates', () => {
  it('are those of all tenants until one has sent enough itself', () => {
    const corrections = createInputCorrections();
    for (let report = 0; report < 40; report += 1) corrections.told(call('english'), 1_000);
    expect(corrections.correct(call('thai'))).toBe(1_000);
    for (let report = 0; report < 30; report += 1) corrections.told(call('thai'), 1_800);
    expect(corrections.correct(call('thai'))).toBeGreaterThan(1_650);
    expect(corrections.correct(call('english'))).toBe(1_000);
  });

  it('are those of one model', () => {
    const corrections = createInputCorrections();
    for (let report = 0; report < 40; report += 1) corrections.told(call('any'), 2_000);
    expect(corrections.correct({ ...call('any'), modelId: 'other' })).toBe(1_000);
  });
});
