import { expect, it } from 'vitest';
import { failureClassOf } from '#core/failures/failure-class-of.ts';
import { failureTable } from '#core/failures/failure-table.ts';
import { findMetric } from '#core/metrics/registry.ts';

it('is that of every row with the outcome', () => {
  for (const row of failureTable) expect(failureClassOf(row.outcome)).toBe(row.class);
});

it('is none of a word that no failure has', () => {
  expect(failureClassOf('answered')).toBeUndefined();
  expect(failureClassOf('constructor')).toBeUndefined();
});

it('comes in no more values than the registry bills', () => {
  const classes = new Set(failureTable.map((row) => row.class));
  const metric = findMetric('Spillway/Gateway', 'FailoversByClass');
  const shape = { accounts: 0, accountRegions: 0, trackedModels: 0, models: 0, dedicatedModels: 0 };
  expect(metric?.countMax({ ...shape, gateways: 1, auditedGateways: 0, tenants: 0 })).toBe(classes.size);
  for (const each of classes) expect(metric?.meaning).toContain(each);
});
