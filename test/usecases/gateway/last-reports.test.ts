import { expect, it } from 'vitest';
import { anObservation } from '#test/builders/an-observation.ts';
import { LastReports } from '#usecases/gateway/last-reports.ts';

const reportOf = (targets: number) => ({
  account: '111111111111',
  region: 'us-east-1',
  at: 1,
  failures: [],
  targets: Array.from({ length: targets }, () => anObservation()),
});

it('keeps what was read last, and nothing of a company that is too large to be kept', () => {
  const last = new LastReports();
  expect(last.kept).toBeUndefined();
  const small = { regions: [reportOf(10_000), reportOf(10_000)], denials: new Map() };
  last.keep(small);
  expect(last.kept).toBe(small);
  last.keep({ regions: [reportOf(10_001), reportOf(10_000)], denials: new Map() });
  expect(last.kept).toBeUndefined();
});
