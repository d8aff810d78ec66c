/**
 * The chain of one gateway region: a line of text for each record, which carries the hash of the line before it, in
 * segments that end in a seal.
 *
 *     … ─▶ seal ─▶ record 41 ─▶ record 42 ─▶ record 43 ─▶ seal (41 to 43) ─▶ record 44 ─▶ …
 *
 * Each arrow is the SHA-256 of the line that it leaves, written into the line that it reaches. The hash of the last
 * seal is the head: whoever has it can tell whether any line before it was changed, moved or taken away.
 */
import { canonicalJson } from '../plan/canonical-json.ts';
import type { HandedRecord } from './handed-record.ts';

/** SHA-256 of the text's UTF-8 bytes, as 64 lower-case hex digits. */
export type Sha256Hex = (text: string) => string;

export interface ChainHead {
  /** Of the last record: 0 where there is none. */
  readonly sequence: number;
  /** Of the last line, which is a seal. */
  readonly hash: string;
  /** Sequence of the first record of the last segment: 0 where there is none. */
  readonly segment: number;
}

export interface Segment {
  /** Sequences of its first and last records: 1 is the chain's first. */
  readonly first: number;
  readonly last: number;
  /** Lines, each with its end. */
  readonly text: string;
  /** After it. */
  readonly head: ChainHead;
}

/** Where a chain begins. It names its chain, so that no part of another chain fits in its place. */
export const genesis = (chain: string, sha256Hex: Sha256Hex): ChainHead => ({
  sequence: 0,
  hash: sha256Hex(canonicalJson({ chain })),
  segment: 0,
});

/** The segment that follows a head. */
export function sealSegment(next: {
  readonly after: ChainHead;
  /** In the order that they are chained in; one or more. */
  readonly records: readonly HandedRecord[];
  /** ISO 8601, UTC. */
  readonly sealedAt: string;
  readonly sha256Hex: Sha256Hex;
}): Segment {
  const { after, records, sealedAt, sha256Hex } = next;
  const lines: string[] = [];
  let previous = after.hash;
  const add = (members: object): void => {
    const line = canonicalJson({ ...members, previous });
    previous = sha256Hex(line);
    lines.push(line);
  };
  const first = after.sequence + 1;
  const last = after.sequence + records.length;
  for (const [index, { writer, number, record }] of records.entries())
    add({ sequence: first + index, writer, number, record });
  add({ seal: { first, last, before: after.segment, sealedAt } });
  const head = { sequence: last, hash: previous, segment: first };
  return { first, last, text: `${lines.join('\n')}\n`, head };
}

const KEY_DIGITS = 15;

/** Where a segment is stored: one place for each beginning, so that two of them can never follow the same head. */
export const segmentKey = (first: number): string =>
  `segments/${String(first).padStart(KEY_DIGITS, '0')}.jsonl`;

export const segmentPrefix = 'segments/';

/** The sequence of the first record that a key speaks of. Undefined for what is no segment's. */
export function firstOfKey(key: string): number | undefined {
  const digits = /^segments\/(\d{15})\.jsonl$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
