import { describe, expect, it } from 'vitest';
import { readSegment } from '#core/audit/read-segment.ts';
import { aChain } from '#test/builders/a-chain.ts';

describe('reading a segment', () => {
  const [, segment] = aChain([3, 4]).segments;
  const { key, first, text } = segment ?? { key: '', first: 0, text: '' };
  const lines = text.split('\n').slice(0, -1);
  const read = (of: readonly string[], lastMax: number | undefined = undefined) =>
    readSegment({ key, first, text: of.map((line) => `${line}\n`).join(''), lastMax });
  const told = (of: readonly string[], lastMax?: number) =>
    read(of, lastMax).findings.map(({ kind, sequence, lastSequence, why }) => ({
      ...{ kind, sequence, why },
      ...(lastSequence === undefined ? {} : { lastSequence }),
    }));

  it('finds its records and its seal', () => {
    const { records, seal, last, findings } = read(lines);
    expect(records.map(({ line }) => line.sequence)).toEqual([4, 5, 6, 7]);
    expect({ last, sealed: seal?.line.last, findings }).toEqual({ last: 7, sealed: 7, findings: [] });
  });

  it('says in one finding that several are missing', () => {
    expect(told(lines.toSpliced(1, 2))).toEqual([
      { kind: 'record-missing', sequence: 5, lastSequence: 6, why: 'no line of the segment holds it' },
    ]);
  });

  it('takes a line that nobody can place for the record that is not there', () => {
    expect(told(lines.with(1, 'nonsense'))).toEqual([
      { kind: 'record-changed', sequence: 5, why: 'line 2 is no line of a chain' },
    ]);
    expect(told(lines.toSpliced(1, 0, 'nonsense'))).toEqual([
      { kind: 'line-unreadable', sequence: undefined, why: 'line 2 is no line of a chain' },
    ]);
  });

  it('takes no word of a seal that its own records stand against', () => {
    const seal = lines.at(-1)?.replace('"last":7', '"last":5') ?? '';
    expect(read(lines.with(-1, seal)).last).toBe(7);
    const far = lines.at(-1)?.replace('"last":7', '"last":700000000') ?? '';
    expect(read(lines.with(-1, far), 7).last).toBe(7);
  });

  it('without its seal goes as far as what follows it lets it', () => {
    expect(told(lines.slice(0, 2), 7)).toEqual([
      { kind: 'seal-missing', sequence: 4, why: 'it does not end in its seal' },
      { kind: 'record-missing', sequence: 6, lastSequence: 7, why: 'no line of the segment holds it' },
    ]);
    expect(read([]).last).toBe(3);
  });

  it('names the first record that does not stand in its place', () => {
    const [a, b, c, d, seal] = lines as [string, string, string, string, string];
    expect(told([a, c, b, d, seal])).toEqual([
      { kind: 'record-moved', sequence: 5, why: 'record 6 stands in its place' },
    ]);
  });
});
