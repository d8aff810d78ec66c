/** Where a gateway hands the records of its decisions over: a queue of its own region. */
import { createEmfAuditMetrics } from '#adapters/aws/emf-audit-metrics.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import { uuidRequestIds } from '#adapters/system/uuid-request-ids.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { auditQueueName } from '#contract/resources.ts';
import { createQueuedTrail } from '#usecases/audit/hand-over.ts';
import type { AuditTrail } from '#usecases/ports/audit-trail.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { Log } from '#usecases/ports/log.ts';

export interface AuditPlace {
  readonly config: Pick<SpillwayConfig, 'name'>;
  readonly account: string;
  readonly region: string;
  readonly credentials: AwsCredentials | (() => Promise<AwsCredentials>);
  readonly endpoint: string | undefined;
}

export interface AuditTrailOptions extends AuditPlace {
  readonly clock: Clock;
  readonly log: Log;
  /** Takes a line of metrics with its end. */
  readonly metricsOut: (line: string) => void;
}

/** The client of SQS is loaded with the first record. */
export function openAuditTrail(options: AuditTrailOptions): {
  readonly trail: AuditTrail;
  close(): void;
} {
  const { config, region, credentials, endpoint, clock, log, metricsOut } = options;
  let close = (): void => undefined;
  const open = async () => {
    const { openAuditQueue } = await import('#adapters/aws/open-audit-stores.ts');
    const opened = openAuditQueue({ region, credentials, endpoint });
    close = opened.close;
    return opened.queue;
  };
  let opening: ReturnType<typeof open> | undefined;
  const trail = createQueuedTrail({
    open: () => {
      opening ??= open();
      return opening;
    },
    queue: auditQueueName(config.name),
    writer: uuidRequestIds.next(),
    ...{ clock, log },
    metrics: createEmfAuditMetrics({ region, clock, write: metricsOut }),
  });
  return { trail, close: () => close() };
}
