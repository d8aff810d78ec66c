import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lane, lanes } from '#core/capacity/lane.ts';
import {
  comesAfter,
  emptyLine,
  grantTurn,
  joinLine,
  leaveLine,
  lineSettings,
  nextTurn,
  passLine,
  type WaitingLine,
} from '#core/queue/waiting-line.ts';

const settings = lineSettings({ standard: { turnShareMin: 0.1 }, bulk: { turnShareMin: 0.1 } });

const joined = (line: WaitingLine, lane: Lane, id: number): WaitingLine =>
  joinLine(line, { lane, waiter: { id, tenant: `tenant-${id % 5}`, work: 1, leaveBy: 1e6 + id }, at: 0 });

/** A line in which so many of each lane wait. */
function lineOf(count: Readonly<Record<Lane, number>>): WaitingLine {
  let line = emptyLine(settings);
  let id = 0;
  for (const lane of lanes)
    for (let index = 0; index < count[lane]; index += 1) {
      id += 1;
      line = joined(line, lane, id);
    }
  return line;
}

describe('turns', () => {
  it('are of the highest lane, but for the floors of the lower ones', () => {
    let line = lineOf({ interactive: 200, standard: 50, bulk: 50 });
    const turns = { interactive: 0, standard: 0, bulk: 0 };
    for (let turn = nextTurn(line), at = 0; turn !== undefined && at < 100; turn = nextTurn(line), at += 1) {
      expect(turn.asksAs).toBe('interactive');
      turns[turn.lane] += 1;
      line = grantTurn(line, turn, at);
    }
    expect(turns).toEqual({ interactive: 82, standard: 9, bulk: 9 });
  });

  it('without a floor never come to who waits below', () => {
    const none = { ...settings, turnShares: { interactive: 0, standard: 0, bulk: 0 } };
    let line: WaitingLine = { ...lineOf({ interactive: 50, standard: 1, bulk: 1 }), settings: none };
    for (let at = 0; at < 50; at += 1) {
      const turn = nextTurn(line);
      expect(turn?.lane).toBe('interactive');
      if (turn !== undefined) line = grantTurn(line, turn, at);
    }
    expect(nextTurn(line)).toMatchObject({ lane: 'standard', asksAs: 'standard' });
  });

  it('are lost to who does not wait: no floor is saved up', () => {
    let line = joined(emptyLine(settings), 'bulk', 1);
    for (let call = 0; call < 9; call += 1) line = passLine(line, 'interactive');
    line = leaveLine(line, 'bulk', { id: 1, tenant: 'tenant-1', work: 1, leaveBy: 1e6 + 1 });
    line = joined(joined(line, 'bulk', 2), 'interactive', 3);
    expect(nextTurn(line)?.lane).toBe('interactive');
  });

  it('are counted also where calls pass without waiting', () => {
    let line = joined(emptyLine(settings), 'bulk', 1);
    expect(comesAfter(line, 'standard')).toBe(false);
    expect(comesAfter(line, 'bulk')).toBe(true);
    for (let call = 0; call < 10; call += 1) line = passLine(line, 'interactive');
    expect(comesAfter(line, 'interactive')).toBe(true);
    expect(nextTurn(line)).toMatchObject({ lane: 'bulk', asksAs: 'interactive' });
    expect(passLine(emptyLine(settings), 'bulk')).toEqual(emptyLine(settings));
  });
});

describe('any history', () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('join' as const), lane: fc.constantFrom(...lanes) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('grant' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), pick: fc.nat(50) }) },
  );

  it('loses nobody, serves nobody twice, and has a turn whenever somebody waits', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        let line = emptyLine(settings);
        const standing = new Map<number, Lane>();
        const served = new Set<number>();
        steps.forEach((each, at) => {
          if (each.kind === 'join') {
            line = joined(line, each.lane, at + 1);
            standing.set(at + 1, each.lane);
          } else if (each.kind === 'leave') {
            const [id, lane] = [...standing][each.pick % Math.max(1, standing.size)] ?? [0, 'bulk' as const];
            line = leaveLine(line, lane, { id, tenant: `tenant-${id % 5}`, work: 1, leaveBy: 1e6 + id });
            standing.delete(id);
          } else {
            const turn = nextTurn(line);
            expect(turn === undefined).toBe(standing.size === 0);
            if (turn !== undefined) {
              expect(standing.get(turn.waiter.id)).toBe(turn.lane);
              expect(served.has(turn.waiter.id)).toBe(false);
              served.add(turn.waiter.id);
              standing.delete(turn.waiter.id);
              line = grantTurn(line, turn, at);
            }
          }
          expect(line.waiting).toBe(standing.size);
          const inBands = lanes.reduce((sum, lane) => sum + line.bands[lane].waiting, 0);
          expect(inBands).toBe(standing.size);
        });
      }),
    );
  });

  it('gives a lane that always waits its floor', () => {
    const floors = fc.record({
      standard: fc.double({ min: 0.01, max: 0.4, noNaN: true }),
      bulk: fc.double({ min: 0.01, max: 0.4, noNaN: true }),
    });
    fc.assert(
      fc.property(floors, ({ standard, bulk }) => {
        const own = lineSettings({ standard: { turnShareMin: standard }, bulk: { turnShareMin: bulk } });
        let line: WaitingLine = { ...lineOf({ interactive: 300, standard: 150, bulk: 150 }), settings: own };
        const turns = { interactive: 0, standard: 0, bulk: 0 };
        for (let at = 0; at < 200; at += 1) {
          const turn = nextTurn(line);
          if (turn === undefined) break;
          turns[turn.lane] += 1;
          line = grantTurn(line, turn, at);
        }
        expect(turns.standard).toBeGreaterThanOrEqual(Math.floor(200 * standard) - 2);
        expect(turns.bulk).toBeGreaterThanOrEqual(Math.floor(200 * bulk) - 2);
      }),
      { numRuns: 20 },
    );
  });
});
