/** A chain of audit records, as a sealer makes one, and ways to damage it. */
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { type ChainHead, genesis, sealSegment, segmentKey } from '#core/audit/chain.ts';
import { type ChainReport, createChainCheck } from '#core/audit/check-chain.ts';
import type { HandedRecord } from '#core/audit/handed-record.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';

export const { sha256Hex } = cryptoDigest;
export const chainName = 'acme/111111111111/eu-central-1';
const startedAt = Date.UTC(2026, 10, 21, 8);

/** The decision of this sequence: three writers take turns. */
export function aHandedRecord(sequence: number): HandedRecord {
  return {
    writer: `writer-${sequence % 3}`,
    number: Math.floor((sequence - 1) / 3) + 1,
    record: {
      id: idOf(sequence),
      at: isoOfInstant(startedAt + sequence * 10),
      region: 'eu-central-1',
      residency: 'eu',
      tenant: `tenant-${sequence % 7}`,
      target: `111111111111/eu-central-1/model-${sequence % 5}`,
      tokens: sequence,
    },
  };
}

export const idOf = (sequence: number): string => `decision-${sequence}`;

export interface BuiltSegment {
  readonly key: string;
  readonly first: number;
  readonly text: string;
}

export interface BuiltChain {
  readonly segments: readonly BuiltSegment[];
  readonly head: ChainHead;
}

/** @param sizes records of each segment */
export function aChain(sizes: readonly number[]): BuiltChain {
  const segments: BuiltSegment[] = [];
  let head = genesis(chainName, sha256Hex);
  for (const size of sizes) {
    const records = Array.from({ length: size }, (_, index) => aHandedRecord(head.sequence + 1 + index));
    const sealedAt = isoOfInstant(startedAt + (head.sequence + size) * 10 + 1_000);
    const { first, text, head: next } = sealSegment({ after: head, records, sealedAt, sha256Hex });
    segments.push({ key: segmentKey(first), first, text });
    head = next;
  }
  return { segments, head };
}

/** A chain of one segment with these records. */
export function chainOf(records: readonly HandedRecord[], after: Partial<ChainHead> = {}): BuiltChain {
  const sealed = sealSegment({
    ...{ after: { ...genesis(chainName, sha256Hex), ...after }, records, sha256Hex },
    sealedAt: isoOfInstant(startedAt),
  });
  const { first, text, head } = sealed;
  return { segments: [{ key: segmentKey(first), first, text }], head };
}

const lock = { mode: 'compliance', until: '2027-11-21T00:00:00.000Z' } as const;

export function checkBuilt(
  { segments, head }: { readonly segments: readonly BuiltSegment[]; readonly head: ChainHead | undefined },
  options: Partial<Parameters<typeof createChainCheck>[0]> = {},
  isLocked: (index: number) => boolean = () => true,
): ChainReport {
  const { sequence, hash } = genesis(chainName, sha256Hex);
  const check = createChainCheck({
    ...{ sha256Hex, start: { sequence, hash }, head, toEnd: true, arrivedUntil: '2027-01-01T00:00:00.000Z' },
    ...options,
  });
  for (const [index, segment] of segments.entries())
    check.add({
      ...segment,
      lock: isLocked(index) ? lock : undefined,
      nextFirst: segments[index + 1]?.first,
    });
  return check.end();
}
