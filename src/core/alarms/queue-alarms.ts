import type { AlarmSignal, MetricAlarm } from './alarm-definition.ts';
import { nothingHappened } from './missing-data.ts';

/** SQS tells of its queues once in five minutes where nothing comes to them. */
const FIVE_MINUTES = 300;
/** Reading a file, putting it together and sealing a record take minutes, and wait for no target. */
const STUCK_SECONDS = 900;
/** A quarter of a batch's window. */
const UNCALLED_SECONDS = 6 * 3_600;

const here = { kind: 'metric', place: 'each gateway region', severity: 'ticket', owner: 'platform' } as const;
const missing = nothingHappened('A queue that nothing came to for hours tells nothing.');

const queue = (metricName: string): AlarmSignal => ({
  metrics: { worst: { namespace: 'AWS/SQS', metricName, dimensions: ['QueueName'], statistic: 'Maximum' } },
});

type Judged = Pick<
  MetricAlarm,
  'signal' | 'periodSeconds' | 'periods' | 'badPeriods' | 'comparison' | 'threshold' | 'missing'
>;

const oldest = (seconds: number): Judged => ({
  signal: queue('ApproximateAgeOfOldestMessage'),
  ...{ periodSeconds: FIVE_MINUTES, periods: 3, badPeriods: 3, comparison: 'at-or-above' },
  threshold: seconds,
  missing,
});

const anyWaiting: Judged = {
  signal: queue('ApproximateNumberOfMessagesVisible'),
  ...{ periodSeconds: FIVE_MINUTES, periods: 1, badPeriods: 1, comparison: 'at-or-above', threshold: 1 },
  missing,
};

export const auditUnsent: MetricAlarm = {
  ...here,
  id: 'audit-unsent',
  meaning:
    'Gateways could not hand over records of decisions. Each stands in their log as audit-record-unsent.',
  causes: ['SQS of the region is away', 'the role may not send, or the key refuses it'],
  first:
    'send its message to the queue before the log forgets it, and the gap is filled (docs/guides/audit.md).',
  runbook: 'audit.md#unsent',
  signal: {
    metrics: {
      unsent: {
        namespace: 'Spillway/Gateway',
        metricName: 'AuditRecordsUnsent',
        dimensions: ['Region'],
        statistic: 'Sum',
      },
    },
  },
  ...{ periodSeconds: FIVE_MINUTES, periods: 1, badPeriods: 1, comparison: 'at-or-above', threshold: 1 },
  missing: nothingHappened('A record that was sent tells nothing: zeros are left out.'),
};

/** What has to be looked at although nobody complains: nobody waits for a batch, and no caller notices a record that is missing. */
export const queueAlarms: readonly MetricAlarm[] = [
  {
    ...here,
    ...oldest(UNCALLED_SECONDS),
    id: 'bulk-{model}-waits',
    meaning:
      'Lines of batches for {model} have waited 6 hours of their 24: the lane bulk gets no room, or no dispatcher runs.',
    causes: [
      'targets of the model are full with other lanes',
      'dispatchers fail or are throttled',
      'the model has no lawful target',
    ],
    first:
      'look at npx spillway explain for the model (what is full, what is left out), then at the errors and throttles of the dispatcher; batches.dispatchersMax lets more lines through.',
    runbook: 'batches.md#lines',
  },
  {
    ...here,
    ...oldest(STUCK_SECONDS),
    id: 'batches-waits',
    meaning:
      'Files of batches wait to be read, or results to be put together, for 15 minutes: no dispatcher comes to it.',
    causes: ['dispatchers fail or are throttled', 'S3, DynamoDB or the key refuse them'],
    first:
      'look at the errors and throttles of the dispatcher and at its log for dispatch-failed, then at whether S3, DynamoDB or the key refuse it.',
    runbook: 'batches.md#files',
  },
  {
    ...here,
    ...anyWaiting,
    id: 'batches-dead',
    meaning:
      'Work of batches was put aside after 24 tries. No line is lost: what is moved back is done, and at the end of the window the rest gets results that say so.',
    causes: ['a message that no version can read', 'S3, DynamoDB or the key refused it for hours'],
    first:
      'read the messages (they name tenant, batch and chunk) and the log of the dispatcher for dispatch-failed at their time; when the cause is gone move them back with a redrive.',
    runbook: 'batches.md#put-aside',
  },
  {
    ...here,
    ...oldest(STUCK_SECONDS),
    id: 'audit-waits',
    meaning: 'Records of decisions have waited 15 minutes to be sealed; the queue keeps them for 14 days.',
    causes: ['the sealer fails', 'S3, DynamoDB or the key refuse it', 'its head is missing or behind'],
    first:
      'look at the log of the sealer for audit-seal-failed, then at whether S3, DynamoDB or the key refuse it.',
    runbook: 'audit.md#unsealed',
  },
  {
    ...here,
    ...anyWaiting,
    id: 'audit-dead',
    meaning: 'Records of decisions were put aside after 100 tries, and are gone after 14 days.',
    causes: ['a record that no version can read', 'S3, DynamoDB or the key refused it for hours'],
    first:
      'look at the log of the sealer for audit-message-unfit and audit-seal-failed; when the cause is gone move them back with a redrive.',
    runbook: 'audit.md#put-aside',
  },
  auditUnsent,
];
