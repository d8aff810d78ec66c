import { expect, it } from 'vitest';
import { drawReplay } from '#cli/audit/draw-replay.ts';
import { aReadChain } from '#test/builders/a-read-chain.ts';
import type { ReplayReport } from '#usecases/audit-proof/replay-trail.ts';

const drawing = { width: 120, paint: (_ink: unknown, text: string) => text, period: 'today' };
const report: ReplayReport = {
  same: true,
  isNothing: false,
  records: 1000,
  replayed: 1100,
  differences: [],
  differencesFound: 0,
  undecided: {},
  routesGone: [],
  notKept: 0,
  unreadable: 0,
  chains: [aReadChain()],
};

it('says that all came out the same', () => {
  expect(drawReplay(report, drawing)).toEqual([
    'today',
    '✔ 1,100 decisions of 1,000 records came out the same, and every one of them did.',
  ]);
});

it('names what came out otherwise, and what could not be made again', () => {
  const difference = {
    ...{ id: 'request-1', at: '2026-11-21T08:00:00.000Z', decision: 1 },
    ...{ path: 'answer.plan[0]', recorded: 3, replayed: undefined },
  };
  expect(
    drawReplay(
      {
        ...report,
        same: false,
        differences: [difference],
        differencesFound: 2,
        undecided: { 'route-gone': 7 },
        routesGone: [{ model: 'chat', residency: 'eu', version: 3, checksum: 'ab'.repeat(32) }],
        notKept: 4,
        unreadable: 1,
      },
      drawing,
    ).slice(1),
  ).toEqual([
    '✘ 1,100 decisions of 1,000 records came out the same.',
    '  2026-11-21T08:00:00.000Z request-1, decision 2: answer.plan[0] was 3 and is nothing',
    '  and 1 more came out otherwise: see --json',
    '  7 name a version of their route that is kept no more',
    '  version 3 of chat for eu (abababababab…) is gone',
    '  4 were made and not kept in their records',
    '  1 records cannot be read',
  ]);
});

it('says that there is nothing to prove', () => {
  const nothing = { ...report, same: false, isNothing: true, records: 0, replayed: 0 };
  expect(drawReplay(nothing, drawing)).toEqual(['today', '✘ Nothing to prove: no decision was recorded.']);
});
