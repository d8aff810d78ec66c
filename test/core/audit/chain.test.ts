import { describe, expect, it } from 'vitest';
import { firstOfKey, genesis, sealSegment, segmentKey } from '#core/audit/chain.ts';
import { linesOf, parseChainLine } from '#core/audit/chain-lines.ts';
import { aHandedRecord, chainName, sha256Hex } from '#test/builders/a-chain.ts';

describe('a segment', () => {
  const start = genesis(chainName, sha256Hex);
  const sealedAt = '2026-11-21T08:01:00.000Z';
  const seal = (sequences: readonly number[], after = start) =>
    sealSegment({ after, records: sequences.map(aHandedRecord), sealedAt, sha256Hex });

  it('chains each line to the one before, and ends in a seal whose hash is the head', () => {
    const segment = seal([1, 2]);
    const lines = linesOf(segment.text);
    const previous = lines.map((line) => parseChainLine(line)?.previous);
    expect(previous).toEqual([start.hash, sha256Hex(lines[0] ?? ''), sha256Hex(lines[1] ?? '')]);
    expect(segment.head).toEqual({ sequence: 2, segment: 1, hash: sha256Hex(lines[2] ?? '') });
    expect(parseChainLine(lines[2] ?? '')).toMatchObject({
      kind: 'seal',
      first: 1,
      last: 2,
      before: 0,
      sealedAt,
    });
  });

  it('follows the one before it, and names it', () => {
    const first = seal([1, 2]);
    const second = seal([3], first.head);
    expect(second).toMatchObject({ first: 3, last: 3 });
    const [record, last] = linesOf(second.text).map(parseChainLine);
    expect(record).toMatchObject({ sequence: 3, previous: first.head.hash });
    expect(last).toMatchObject({ before: 1 });
  });

  it('is the same text for the same records, however their members are ordered', () => {
    const { writer, number, record } = aHandedRecord(1);
    const turned = Object.fromEntries(Object.entries(record).reverse()) as typeof record;
    const one = sealSegment({
      after: start,
      records: [{ record: turned, number, writer }],
      sealedAt,
      sha256Hex,
    });
    expect(one.text).toBe(seal([1]).text);
  });

  it('begins otherwise in every chain', () => {
    expect(genesis('acme/111111111111/us-east-1', sha256Hex).hash).not.toBe(start.hash);
  });

  it('is stored where its first record says, in the order of the chain', () => {
    expect(firstOfKey(segmentKey(12_345))).toBe(12_345);
    expect([segmentKey(1_000), segmentKey(999)].sort()).toEqual([segmentKey(999), segmentKey(1_000)]);
    expect(firstOfKey('segments/12.jsonl')).toBeUndefined();
  });
});
