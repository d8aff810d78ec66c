import { describe, expect, it } from 'vitest';
import type { Lane } from '#core/capacity/lane.ts';
import { afterGrant, paceUnknown } from '#core/queue/grant-pace.ts';
import { crowdedOut, hopelessIn, isHopeless, leaveByOf, type WaitBudget } from '#core/queue/wait-bound.ts';
import { emptyLine, joinLine, lineSettings, type WaitingLine } from '#core/queue/waiting-line.ts';

const settings = lineSettings({ standard: { turnShareMin: 0.1 }, bulk: { turnShareMin: 0.1 } });

interface Standee {
  readonly tenant?: string;
  readonly lane?: Lane;
  readonly leaveBy?: number;
}

const waiterOf = (id: number, { tenant = 'one', leaveBy = 1e6 }: Standee) => ({
  id,
  tenant,
  work: 1,
  leaveBy,
});

/** A line in which these wait since 0, with a turn every 100 ms. */
function lineOf(standees: readonly Standee[], start: WaitingLine = emptyLine(settings)): WaitingLine {
  const line = standees.reduce<WaitingLine>(
    (before, standee, index) =>
      joinLine(before, { lane: standee.lane ?? 'interactive', waiter: waiterOf(index + 1, standee), at: 0 }),
    start,
  );
  return { ...line, pace: afterGrant(afterGrant(paceUnknown, -100, true), 0, true) };
}

describe('the wait of a call', () => {
  const budget: WaitBudget = { firstContentMs: 5000, waitShareMax: 0.1, startBy: 60_000, elsewhere: true };
  const leaves = (line: WaitingLine, own: Partial<WaitBudget> = {}, at = 0): number =>
    leaveByOf(line, { lane: 'interactive', tenant: 'one', budget: { ...budget, ...own } }, at);

  it('is a share of its time to the first content, and ends with its deadline', () => {
    expect(leaves(emptyLine(settings))).toBe(500);
    expect(leaves(emptyLine(settings), { startBy: 300 })).toBe(300);
    expect(leaves(emptyLine(settings), { waitShareMax: 0 })).toBe(0);
  });

  it('is until its deadline where nobody else may answer', () => {
    expect(leaves(emptyLine(settings), { elsewhere: false })).toBe(60_000);
  });

  it('is halved for a tenant whose line has stood for a whole budget, and for nobody else', () => {
    const line = lineOf([{ tenant: 'one' }]);
    expect(leaves(line, {}, 4999)).toBe(4999 + 500);
    expect(leaves(line, {}, 5000)).toBe(5000 + 250);
    expect(leaves(lineOf([{ tenant: 'two' }]), {}, 5000)).toBe(5000 + 500);
    expect(leaves(line, { waitShareMax: 0.02 }, 5000)).toBe(5000 + 50);
  });
});

describe('a call whose turn comes too late', () => {
  const hopeless = (line: WaitingLine, joiner: Standee, at = 0): boolean =>
    isHopeless(line, { lane: joiner.lane ?? 'interactive', waiter: waiterOf(99, joiner) }, at);
  const six = Array.from({ length: 6 }, (_, index) => ({ leaveBy: 400 + index }));

  it('is told by the turns before its own and their pace', () => {
    expect(hopeless(lineOf(six), { leaveBy: 699 })).toBe(true);
    expect(hopeless(lineOf(six), { leaveBy: 700 })).toBe(false);
  });

  it('is not held to what another tenant piled up', () => {
    expect(hopeless(lineOf(six), { tenant: 'two', leaveBy: 100 })).toBe(false);
  });

  it('waits for lanes above as long as its floor lets them pass', () => {
    const above = Array.from({ length: 30 }, () => ({ lane: 'interactive' as const }));
    expect(hopeless(lineOf(above), { lane: 'bulk', leaveBy: 999 })).toBe(true);
    expect(hopeless(lineOf(above), { lane: 'bulk', leaveBy: 1000 })).toBe(false);
    expect(hopeless(lineOf(above.slice(0, 3)), { lane: 'bulk', leaveBy: 399 })).toBe(true);
    expect(hopeless(lineOf(above.slice(0, 3)), { lane: 'bulk', leaveBy: 400 })).toBe(false);
  });

  it('is never told where no pace is known', () => {
    expect(hopeless({ ...lineOf(six), pace: paceUnknown }, { leaveBy: 1 })).toBe(false);
    expect(hopelessIn({ ...lineOf(six), pace: paceUnknown }, 0)).toEqual([]);
  });

  it('is found in the line when turns become rarer, and makes room for those behind', () => {
    const line = lineOf([{ leaveBy: 640 }, { leaveBy: 780 }, { leaveBy: 1000 }]);
    expect(hopelessIn(line, 0)).toEqual([]);
    // Silent for six gaps: turns now take 150 ms, of which one has begun.
    expect(hopelessIn(line, 600).map(({ waiter }) => waiter.leaveBy)).toEqual([640]);
    const mixed = lineOf([{ leaveBy: 50 }, { leaveBy: 100 }, { leaveBy: 200, tenant: 'two', lane: 'bulk' }]);
    expect(hopelessIn(mixed, 0).map(({ waiter }) => waiter.leaveBy)).toEqual([50]);
  });
});

describe('a line as long as memory allows', () => {
  const small = { ...settings, waitingMax: 3 };
  const line = (standees: readonly Standee[]): WaitingLine => lineOf(standees, emptyLine(small));

  it('has room below that', () => {
    expect(crowdedOut(line([{}, {}]), { lane: 'bulk', tenant: 'one' })).toBeUndefined();
  });

  it('gives up the last one of whoever waits most, in the lowest lane', () => {
    const mixed = line([{ lane: 'bulk' }, { lane: 'interactive' }, { lane: 'interactive' }]);
    expect(crowdedOut(mixed, { lane: 'standard', tenant: 'two' })).toMatchObject({
      lane: 'bulk',
      waiter: { id: 1 },
    });
    const full = line([{ leaveBy: 9 }, { leaveBy: 7 }, { leaveBy: 8, tenant: 'two' }]);
    expect(crowdedOut(full, { lane: 'interactive', tenant: 'three' })).toMatchObject({ waiter: { id: 1 } });
  });

  it('takes nobody of a lower lane, nor one more of who waits most', () => {
    const full = line([{}, {}, { tenant: 'two' }]);
    expect(crowdedOut(full, { lane: 'bulk', tenant: 'three' })).toBe('joiner');
    expect(crowdedOut(full, { lane: 'interactive', tenant: 'one' })).toBe('joiner');
    expect(crowdedOut(full, { lane: 'interactive', tenant: 'two' })).toBe('joiner');
  });
});
