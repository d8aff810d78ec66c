import { expect, it } from 'vitest';
import { drawDoubts } from '#cli/audit/draw-doubts.ts';
import { aReadChain } from '#test/builders/a-read-chain.ts';

const drawing = { width: 100, paint: (_ink: unknown, text: string) => text };

it('says nothing of chains that are whole', () => {
  expect(drawDoubts([aReadChain()], drawing)).toEqual([]);
});

it('says what is wrong, the first of it, and what is still on its way', () => {
  const finding = { kind: 'record-missing', sequence: 4, why: 'no line of the segment holds it' } as const;
  const onTheirWay = [{ writer: 'one', from: 1, to: 1, before: '2026-11-21T08:00:00.000Z' }];
  expect(
    drawDoubts([aReadChain({ findings: [finding, finding, finding, finding], onTheirWay })], drawing),
  ).toEqual([
    ...Array.from(
      { length: 3 },
      () => '  eu-central-1: record-missing at record 4: no line of the segment holds it',
    ),
    '  eu-central-1: and 1 more: see `spillway audit verify`',
    '  eu-central-1: records are still on their way: ask again in a quarter of an hour',
  ]);
});
