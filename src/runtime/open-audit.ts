/** The audit trail of one gateway region: what hands records over, what seals them, and what they are proved by. */
import { createEmfAuditMetrics } from '#adapters/aws/emf-audit-metrics.ts';
import type { AuditArchive } from '#adapters/aws/open-audit-stores.ts';
import type { AwsCredentials } from '#adapters/aws/sigv4-signer.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { uuidRequestIds } from '#adapters/system/uuid-request-ids.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { auditBucketName, auditChainName, auditQueueName, tableArn } from '#contract/resources.ts';
import { createQueuedTrail } from '#usecases/audit/hand-over.ts';
import { runSealLoop } from '#usecases/audit/seal-loop.ts';
import { type AuditMessage, sealMessages } from '#usecases/audit/seal-messages.ts';
import { createSealer } from '#usecases/audit/seal-records.ts';
import type { AuditTrail } from '#usecases/ports/audit-trail.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { Log } from '#usecases/ports/log.ts';

export interface AuditPlace {
  readonly config: Pick<SpillwayConfig, 'name'>;
  readonly account: string;
  readonly region: string;
  readonly credentials: () => Promise<AwsCredentials>;
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

/** Segments and head of the region's chain. Calls nothing before it is used. */
export async function openArchive(place: AuditPlace): Promise<AuditArchive & { readonly chain: string }> {
  const { config, account, region, credentials, endpoint } = place;
  const { openAuditArchive } = await import('#adapters/aws/open-audit-stores.ts');
  const chain = auditChainName(config.name, account, region);
  const archive = openAuditArchive({
    ...{ region, credentials, endpoint, chain },
    bucket: auditBucketName(config.name, account, region),
    table: tableArn({ deployment: config.name, kind: 'audit', account, region }),
  });
  return { ...archive, chain };
}

export interface SealingRuntime {
  /** Answers the ids of messages that have to come again. Never rejects. */
  seal(messages: readonly AuditMessage[]): Promise<readonly string[]>;
  /** Seals what comes to the queue until `stop` aborts. Never rejects. */
  run(options: { readonly gatherMs: number; readonly stop: AbortSignal }): Promise<void>;
  close(): void;
}

export async function openSealing(
  options: AuditPlace & { readonly clock: Clock; readonly log: Log },
): Promise<SealingRuntime> {
  const { config, region, credentials, endpoint, clock, log } = options;
  const archive = await openArchive(options);
  const sealer = createSealer({ ...archive, digest: cryptoDigest, clock, log });
  const services = { sealer, region, log };
  return {
    seal: (messages) => sealMessages(services, messages),
    async run(how) {
      const { openAuditQueue } = await import('#adapters/aws/open-audit-stores.ts');
      const { queue, close } = openAuditQueue({ region, credentials, endpoint });
      await runSealLoop({ ...services, ...how, clock, queue, queueName: auditQueueName(config.name) });
      close();
    },
    close: () => archive.close(),
  };
}
