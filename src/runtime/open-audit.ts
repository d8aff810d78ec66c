/** The chain of one gateway region: what seals its records, and what they are proved by. */
import type { AuditArchive } from '#adapters/aws/open-audit-stores.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import { auditBucketName, auditChainName, auditQueueName, tableArn } from '#contract/resources.ts';
import type { RootSource } from '#usecases/audit/read-roots.ts';
import { runSealLoop } from '#usecases/audit/seal-loop.ts';
import { type AuditMessage, sealMessages } from '#usecases/audit/seal-messages.ts';
import { createSealer } from '#usecases/audit/seal-records.ts';
import type { Log } from '#usecases/ports/log.ts';
import type { AuditPlace } from './open-audit-trail.ts';
import { openRootSource, type WitnessPlace } from './open-witness.ts';

/** What proves the chain of a region. */
export interface RegionArchive extends AuditArchive {
  /** Its name. */
  readonly chain: string;
  /** What its witness signed. Undefined where nobody asked for it. */
  readonly rootSource?: RootSource | undefined;
}

export interface ArchivePlace extends AuditPlace {
  /** @default - nobody asks what was signed */
  readonly witness?: WitnessPlace | undefined;
}

export type OpenRegionArchive = (place: ArchivePlace) => Promise<RegionArchive>;

/** Calls nothing before it is used. */
export async function openRegionArchive({ witness, ...place }: ArchivePlace): Promise<RegionArchive> {
  const { config, account, region, credentials, endpoint } = place;
  const { openAuditArchive } = await import('#adapters/aws/open-audit-stores.ts');
  const chain = auditChainName(config.name, account, region);
  const archive = openAuditArchive({
    ...{ region, credentials, endpoint, chain },
    bucket: auditBucketName(config.name, account, region),
    table: tableArn({ deployment: config.name, kind: 'audit', account, region }),
  });
  if (witness === undefined) return { ...archive, chain };
  const rootSource = await openRootSource(witness, chain);
  const close = (): void => {
    archive.close();
    rootSource.close();
  };
  return { ...archive, chain, rootSource, close };
}

export interface SealingRuntime {
  /** Answers the ids of messages that have to come again. Never rejects. */
  seal(messages: readonly AuditMessage[]): Promise<readonly string[]>;
  /** Seals what comes to the queue until `stop` aborts. Never rejects. */
  run(options: { readonly gatherMs: number; readonly stop: AbortSignal }): Promise<void>;
  close(): void;
}

export async function openSealing(options: AuditPlace & { readonly log: Log }): Promise<SealingRuntime> {
  const { config, region, credentials, endpoint, log } = options;
  const clock = systemClock;
  const archive = await openRegionArchive(options);
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
