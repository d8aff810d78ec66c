import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChainFinding } from '#core/audit/finding.ts';
import { aChain, aHandedRecord, type BuiltChain, chainOf, checkBuilt, idOf } from '#test/builders/a-chain.ts';

const RECORDS = 10_000;
const chain = aChain(sizesOf(RECORDS));

/** Segments of 1 to 20 records, in no rhythm of any other number here. */
function sizesOf(records: number): number[] {
  const sizes: number[] = [];
  for (let left = records; left > 0; ) {
    const size = Math.min(left, 1 + ((sizes.length * 7) % 20));
    sizes.push(size);
    left -= size;
  }
  return sizes;
}

const segmentOf = (of: BuiltChain, sequence: number): number =>
  of.segments.findLastIndex(({ first }) => first <= sequence);

/** The chain with the lines of one segment replaced. */
function withLines(of: BuiltChain, at: number, change: (lines: string[]) => readonly string[]): BuiltChain {
  const segments = of.segments.map((segment, index) => {
    if (index !== at) return segment;
    const lines = change(segment.text.split('\n').slice(0, -1));
    return { ...segment, text: lines.map((line) => `${line}\n`).join('') };
  });
  return { ...of, segments };
}

/** What a chain of the neighbourhood alone says: the rest of it is the same. */
function checkNear(damaged: BuiltChain, at: number): readonly ChainFinding[] {
  const from = Math.max(0, at - 1);
  const segments = damaged.segments.slice(from, at + 2);
  const [start] = segments;
  const isEnd = from + segments.length === damaged.segments.length;
  const last = segments.at(-1);
  const { findings } = checkBuilt(
    { segments, head: isEnd ? damaged.head : undefined },
    {
      toEnd: isEnd,
      start: { sequence: (start?.first ?? 1) - 1, hash: undefined },
      arrivedUntil: '',
    },
  );
  expect(last).toBeDefined();
  return findings;
}

describe('a chain that nobody touched', () => {
  it('is proved to its head', () => {
    const report = checkBuilt(chain);
    expect(report).toMatchObject({
      findings: [],
      records: RECORDS,
      segments: chain.segments.length,
      sequences: { first: 1, last: RECORDS },
      writers: 3,
      sealedTwice: [],
      afterHead: 0,
      lockModes: ['compliance'],
    });
    expect(report.decided).toEqual({
      from: aHandedRecord(1).record.at,
      to: aHandedRecord(RECORDS).record.at,
    });
  });

  it('is proved where it is empty', () => {
    expect(checkBuilt({ segments: [], head: undefined })).toMatchObject({
      findings: [],
      sequences: undefined,
    });
  });

  it('says which records stand after a head that is behind', () => {
    const whole = aChain([3, 4]);
    const report = checkBuilt({ segments: whole.segments, head: aChain([3]).head });
    expect(report).toMatchObject({ findings: [], afterHead: 4, records: 7 });
  });
});

describe(`of ${RECORDS} records any one`, () => {
  it('that was removed is named', () => {
    const missed = everySequence().filter((sequence) => {
      const at = segmentOf(chain, sequence);
      const line = sequence - (chain.segments[at]?.first ?? 0);
      const findings = checkNear(
        withLines(chain, at, (lines) => lines.toSpliced(line, 1)),
        at,
      );
      return !isFirst(findings, { kind: 'record-missing', sequence });
    });
    expect(missed).toEqual([]);
  });

  it('that was changed is named, by its sequence and its id', () => {
    const missed = everySequence().filter((sequence) => {
      const at = segmentOf(chain, sequence);
      const line = sequence - (chain.segments[at]?.first ?? 0);
      const change = (lines: string[]) => lines.with(line, lines[line]?.replace('"eu"', '"us"') ?? '');
      const findings = checkNear(withLines(chain, at, change), at);
      return !isFirst(findings, { kind: 'record-changed', sequence, id: idOf(sequence) });
    });
    expect(missed).toEqual([]);
  });
});

const everySequence = (): number[] => Array.from({ length: RECORDS }, (_, index) => index + 1);

const isFirst = ([first]: readonly ChainFinding[], wanted: Partial<ChainFinding>): boolean =>
  first !== undefined &&
  Object.entries(wanted).every(([name, value]) => first[name as keyof ChainFinding] === value);

describe('a chain that somebody damaged', () => {
  const small = aChain([5, 1, 12, 7, 1, 9, 3]);
  const total = small.head.sequence;
  const aSequence = fc.integer({ min: 1, max: total });
  const placeOf = (sequence: number) => {
    const at = segmentOf(small, sequence);
    return { at, line: sequence - (small.segments[at]?.first ?? 0) };
  };

  it('fails wherever one character of a record is another one, and names the record', () => {
    fc.assert(
      fc.property(aSequence, fc.nat(), fc.constantFrom('x', '0', '"', '}', ' '), (sequence, place, put) => {
        const { at, line } = placeOf(sequence);
        const change = (lines: string[]) => {
          const text = lines[line] ?? '';
          const index = place % text.length;
          return lines.with(line, text.slice(0, index) + put + text.slice(index + 1));
        };
        const damaged = withLines(small, at, change);
        if (damaged.segments[at]?.text === small.segments[at]?.text) return;
        const { findings } = checkBuilt(damaged);
        expect(findings.map((each) => each.sequence)).toContain(sequence);
      }),
    );
  });

  it('fails where records changed places, and names the first of them', () => {
    fc.assert(
      fc.property(aSequence, aSequence, (one, other) => {
        const [first, second] = one < other ? [one, other] : [other, one];
        if (first === second) return;
        const [from, to] = [placeOf(first), placeOf(second)];
        const lineAt = ({ at, line }: typeof from) => small.segments[at]?.text.split('\n')[line] ?? '';
        const moved = withLines(small, from.at, (lines) => lines.with(from.line, lineAt(to)));
        const swapped = withLines(moved, to.at, (lines) => lines.with(to.line, lineAt(from)));
        const [finding] = checkBuilt(swapped).findings;
        const kind = from.at === to.at ? 'record-moved' : 'record-changed';
        expect(finding).toMatchObject({ kind, sequence: first });
      }),
    );
  });

  it('fails where a record stands again, anywhere, and names it', () => {
    fc.assert(
      fc.property(aSequence, aSequence, (sequence, where) => {
        const { at, line } = placeOf(sequence);
        const text = small.segments[at]?.text.split('\n')[line] ?? '';
        const other = placeOf(where);
        const damaged = withLines(small, other.at, (lines) => lines.toSpliced(other.line, 0, text));
        const { findings } = checkBuilt(damaged);
        expect(findings).toContainEqual(
          expect.objectContaining({ kind: 'record-repeated', sequence, id: idOf(sequence) }),
        );
      }),
    );
  });

  it('fails without any one of its segments, and says from where to where', () => {
    for (const [index, { first }] of small.segments.entries()) {
      const segments = small.segments.toSpliced(index, 1);
      const lastSequence = (small.segments[index + 1]?.first ?? total + 1) - 1;
      const kind = index === small.segments.length - 1 ? 'tail-missing' : 'segment-missing';
      const [finding] = checkBuilt({ ...small, segments }).findings;
      expect(finding).toMatchObject({ kind, sequence: first, lastSequence });
    }
  });

  it('fails where its tail is cut off, by lines or by segments', () => {
    for (let keep = 0; keep < total; keep += 1) {
      const at = segmentOf(small, keep + 1);
      const cut = withLines(small, at, (lines) =>
        lines.slice(0, keep + 1 - (small.segments[at]?.first ?? 0)),
      );
      const segments = cut.segments.slice(0, at + 1);
      const sequences = checkBuilt({ ...small, segments }).findings.map((finding) => finding.sequence);
      expect(sequences).toContain(keep + 1);
    }
  });

  it('fails where a seal was changed, taken away, or seals something else', () => {
    for (const [index, { first }] of small.segments.entries()) {
      const change = withLines(small, index, (lines) =>
        lines.with(-1, (lines.at(-1) ?? '').replace('"sealedAt":"2026', '"sealedAt":"2025')),
      );
      const last = (small.segments[index + 1]?.first ?? total + 1) - 1;
      expect(checkBuilt(change).findings).toEqual([
        expect.objectContaining({ kind: 'seal-changed', sequence: last }),
      ]);
      const gone = withLines(small, index, (lines) => lines.slice(0, -1));
      expect(checkBuilt(gone).findings.map(({ kind }) => kind)).toContain('seal-missing');
      const other = withLines(small, index, (lines) =>
        lines.with(-1, (lines.at(-1) ?? '').replace(`"first":${first},`, `"first":${first + 1},`)),
      );
      expect(checkBuilt(other).findings.map(({ kind }) => kind)).toContain('seal-changed');
    }
  });

  it('fails where all of it was made again from a changed record on, since the head is another one', () => {
    const forged = aChain([5, 1, 12, 7, 1, 9, 2]);
    expect(checkBuilt({ segments: forged.segments, head: small.head }).findings[0]).toMatchObject({
      kind: 'tail-missing',
    });
    const { findings } = checkBuilt({ ...small, head: { ...small.head, hash: 'f'.repeat(64) } });
    expect(findings).toEqual([expect.objectContaining({ kind: 'seal-changed', sequence: total })]);
  });

  it('fails where a segment may be deleted, and names it', () => {
    const { findings, lockModes, lockedUntil } = checkBuilt(small, {}, (index) => index !== 2);
    expect(findings).toEqual([
      expect.objectContaining({ kind: 'lock-missing', segment: small.segments[2]?.key, sequence: 7 }),
    ]);
    expect({ lockModes, lockedUntil }).toEqual({
      lockModes: ['compliance'],
      lockedUntil: '2027-11-21T00:00:00.000Z',
    });
  });

  it('fails where its beginning is that of another chain', () => {
    const { findings } = checkBuilt(small, { start: { sequence: 0, hash: 'f'.repeat(64) } });
    expect(findings).toEqual([expect.objectContaining({ kind: 'record-changed', sequence: 1 })]);
  });

  it('fails without a head, or with one that no segment ends at', () => {
    expect(checkBuilt({ ...small, head: undefined }).findings[0]).toMatchObject({ kind: 'head-missing' });
    const head = { sequence: 3, hash: 'f'.repeat(64), segment: 1 };
    expect(checkBuilt({ ...small, head }).findings[0]).toMatchObject({ kind: 'head-missing' });
  });
});

describe('records that a writer numbered', () => {
  const sealed = (numbers: readonly number[]) =>
    chainOf(numbers.map((number, index) => ({ ...aHandedRecord(index + 1), writer: 'one', number })));
  const before = aHandedRecord(3).record.at;

  it('and that never came are told, with the writer and the number', () => {
    const report = checkBuilt(sealed([1, 2, 5, 4, 7]));
    expect(report.findings.map(({ kind, why }) => `${kind}: ${why}`)).toEqual([
      `never-arrived: number 3 of writer one, decided before ${aHandedRecord(4).record.at}`,
      `never-arrived: number 6 of writer one, decided before ${aHandedRecord(5).record.at}`,
    ]);
  });

  it('are no finding yet where they may be on their way', () => {
    const report = checkBuilt(sealed([1, 2, 4]), { arrivedUntil: '2026-11-21T08:00:00.000Z' });
    expect(report.findings).toEqual([]);
    expect(report.onTheirWay).toEqual([{ writer: 'one', from: 3, to: 3, before }]);
  });

  it('are no finding where the chain is looked at from its middle on, and the writer began before', () => {
    const { segments, head } = sealed([1, 2]);
    const start = { sequence: 0, hash: undefined };
    expect(checkBuilt({ segments, head }, { start }).findings).toEqual([]);
    const later = chainOf([{ ...aHandedRecord(1), writer: 'one', number: 40 }], { sequence: 9, segment: 1 });
    expect(checkBuilt(later, { start: { sequence: 9, hash: undefined } }).findings).toEqual([]);
  });

  it('are told as sealed twice where they came twice, which is no finding', () => {
    const report = checkBuilt(sealed([1, 2, 2, 3]));
    expect(report).toMatchObject({ findings: [], sealedTwice: [{ sequence: 3, id: idOf(3) }] });
  });
});
