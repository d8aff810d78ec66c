import { expect, it } from 'vitest';
import { createEmfAuditMetrics } from '#adapters/aws/emf-audit-metrics.ts';
import { pointsOfEmfLine } from '#adapters/aws/emf-gateway-metrics.ts';

it('tells by region what no queue took', () => {
  const lines: string[] = [];
  const metrics = createEmfAuditMetrics({
    region: 'eu-central-1',
    clock: { now: () => 7 },
    write: (line) => void lines.push(line),
  });
  metrics.unsent(1);
  const shared = {
    namespace: 'Spillway/Gateway',
    unit: 'Count',
    dimensions: { Region: 'eu-central-1' },
    at: 7,
  };
  expect(lines.flatMap(pointsOfEmfLine)).toEqual([{ ...shared, name: 'AuditRecordsUnsent', value: 1 }]);
});
