/**
 * What the audit trail proves of decisions. Records are worth what their chain is: each is read in the pass that checks
 * the chain it stands in.
 */
import { auditRecordSchema, type DecisionRecord } from '#contract/audit-record.ts';
import type { ChainReport } from '#core/audit/check-chain.ts';
import type { AuditRecord } from '#core/audit/handed-record.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { type VerifyTrailQuestion, verifyTrail } from '../audit/verify-trail.ts';

/** The chain of one gateway region. */
export type RegionArchive = Pick<VerifyTrailQuestion, 'chain' | 'segments' | 'heads' | 'rootSource'> & {
  readonly region: string;
};

export interface Period {
  /** Epoch milliseconds of decisions, both included. @default - the beginning */
  readonly from?: number | undefined;
  /** @default - now */
  readonly to?: number | undefined;
}

export interface TrailToRead extends Pick<VerifyTrailQuestion, 'digest' | 'clock'>, Period {
  readonly archives: readonly RegionArchive[];
  /** Takes each record that was decided in the period. */
  readonly take: (record: DecisionRecord) => void;
  /** Takes each one that says nothing that can be read: of a newer version, or one that could not be written down. */
  readonly takeUnreadable: (record: AuditRecord) => void;
}

export interface ReadChain {
  readonly region: string;
  readonly report: ChainReport;
}

/** A record is sealed within minutes, and within an hour where sealers were away. */
const SEALED_WITHIN_MS = 3_600_000;

/** @throws HouseError where an archive cannot be read */
export async function readTrail(trail: TrailToRead): Promise<readonly ReadChain[]> {
  const { archives, digest, clock, from, to } = trail;
  const chains: ReadChain[] = [];
  const taken = new Set<string>();
  for (const { region, ...archive } of archives) {
    const report = await verifyTrail({
      ...{ ...archive, digest, clock, from },
      to: to === undefined ? undefined : to + SEALED_WITHIN_MS,
      // A message that came twice may be sealed twice.
      onRecord: ({ record }) => {
        if (taken.has(record.id)) return;
        taken.add(record.id);
        takeFrom(trail, record);
      },
    });
    chains.push({ region, report });
  }
  return chains;
}

/** Whether nothing is wrong with what was read, and nothing is still on its way. */
export function isWhole({ report }: ReadChain): boolean {
  return report.findings.length === 0 && report.onTheirWay.length === 0;
}

/** Nothing was ever sealed there, as far as what stands there tells. */
export function isEmpty({ segments, findings }: ChainReport): boolean {
  return segments === 0 && findings.length === 0;
}

function takeFrom(trail: TrailToRead, record: AuditRecord): void {
  const { from, to, take, takeUnreadable } = trail;
  if (from !== undefined && record.at < isoOfInstant(from)) return;
  if (to !== undefined && record.at > isoOfInstant(to)) return;
  const parsed = auditRecordSchema.safeParse(record);
  if (parsed.success) take(parsed.data);
  else takeUnreadable(record);
}
