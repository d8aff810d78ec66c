import { expect, it } from 'vitest';
import { auditUnsent, queueAlarms } from '#core/alarms/queue-alarms.ts';

it('wait for the morning: no work in a queue is lost by then', () => {
  expect(queueAlarms).toContain(auditUnsent);
  expect(queueAlarms.map(({ id, threshold, severity }) => `${id} ${threshold} ${severity}`)).toEqual([
    'bulk-{model}-waits 21600 ticket',
    'batches-waits 900 ticket',
    'batches-dead 1 ticket',
    'audit-waits 900 ticket',
    'audit-dead 1 ticket',
    'audit-unsent 1 ticket',
  ]);
});
