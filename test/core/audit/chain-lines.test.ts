import { describe, expect, it } from 'vitest';
import { linesOf, parseChainLine, parseHandedRecord } from '#core/audit/chain-lines.ts';
import { aHandedRecord } from '#test/builders/a-chain.ts';

describe('lines of a segment', () => {
  const handed = aHandedRecord(4);
  const line = { ...handed, sequence: 4, previous: 'f'.repeat(64) };

  it('are told apart', () => {
    expect(parseChainLine(JSON.stringify(line))).toEqual({ kind: 'record', ...line });
    const seal = { first: 1, last: 4, before: 0, sealedAt: '2026-11-21T08:00:00.000Z' };
    expect(parseChainLine(JSON.stringify({ seal, previous: 'x' }))).toEqual({
      ...{ kind: 'seal', ...seal, previous: 'x' },
    });
  });

  it.each([
    ['no JSON', '{"sequence":'],
    ['a list', '[]'],
    ['a record without what it is chained to', JSON.stringify({ ...line, previous: undefined })],
    ['a record of no sequence', JSON.stringify({ ...line, sequence: 0 })],
    ['a record of nobody', JSON.stringify({ ...line, writer: 7 })],
    ['a record that says too little', JSON.stringify({ ...line, record: { id: 'a' } })],
    ['a seal of nothing', JSON.stringify({ seal: { first: 1 }, previous: 'x' })],
    [
      'a seal after less than nothing',
      JSON.stringify({ seal: { first: 1, last: 2, before: -1, sealedAt: '' }, previous: 'x' }),
    ],
  ])('are not %s', (_what, text) => {
    expect(parseChainLine(text)).toBeUndefined();
  });

  it('come from what a gateway handed over', () => {
    expect(parseHandedRecord(JSON.stringify(handed))).toEqual(handed);
    expect(parseHandedRecord('null')).toBeUndefined();
    expect(parseHandedRecord(JSON.stringify({ ...handed, number: 1.5 }))).toBeUndefined();
  });

  it('end with a line end, which is none', () => {
    expect(linesOf('a\nb\n')).toEqual(['a', 'b']);
    expect(linesOf('a\n\nb')).toEqual(['a', '', 'b']);
  });
});
