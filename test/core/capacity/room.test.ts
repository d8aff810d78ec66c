import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lanes } from '#core/capacity/lane.ts';
import {
  ampleRoom,
  isKnownFull,
  letIn,
  passedOver,
  type Room,
  returnReserve,
  turnedAway,
} from '#core/capacity/room.ts';
import { createSeededRandom } from '#core/units/random.ts';

const pool = { slots: 32, shareMin: 1 / 16 };
const away = (room: Room, lane: (typeof lanes)[number], at: number, believedMs = 75): Room =>
  turnedAway(room, { lane, at, believedMs });

describe('a lane that is turned away', () => {
  const room = away(ampleRoom, 'standard', 1000);

  it('asks no more for a moment, nor do the lanes below it, which need more', () => {
    const known = (at: number) => lanes.map((lane) => isKnownFull(room, lane, at));
    expect(known(1074)).toEqual([false, true, true]);
    expect(known(1075)).toEqual([false, false, false]);
  });

  it('comes back only where more than a slot is free, lanes above it at once', () => {
    expect(lanes.map((lane) => returnReserve(room, lane, pool))).toEqual([0, 2, 2]);
    expect(returnReserve(room, 'bulk', { ...pool, slots: 15 })).toBe(0);
  });

  it('is back when it was let in, and the lanes above it with it', () => {
    const lower = away(room, 'interactive', 1100);
    expect(lanes.map((lane) => returnReserve(letIn(lower, 'standard'), lane, pool))).toEqual([0, 0, 2]);
    expect(letIn(lower, 'bulk')).toBe(ampleRoom);
  });

  it('is not believed longer because a lane below it was turned away later', () => {
    const later = away(room, 'bulk', 1050);
    expect(isKnownFull(later, 'standard', 1075)).toBe(false);
  });

  it('stays believed where only a lane above it was let in', () => {
    expect(isKnownFull(letIn(room, 'interactive'), 'standard', 1010)).toBe(true);
  });
});

it('where nobody could say, nobody asks for a moment, and no lane needs more than before', () => {
  const room = passedOver(ampleRoom, { lane: 'interactive', at: 1000, believedMs: 60 });
  expect(lanes.map((lane) => isKnownFull(room, lane, 1059))).toEqual([true, true, true]);
  expect(lanes.map((lane) => returnReserve(room, lane, pool))).toEqual([0, 0, 0]);
});

it('a lower lane is never better off than a higher one', () => {
  const step = fc.record({
    kind: fc.constantFrom('away', 'unheard', 'in'),
    lane: fc.constantFrom(...lanes),
    passedMs: fc.nat(120),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let room = ampleRoom;
      let at = 1000;
      for (const { kind, lane, passedMs } of steps) {
        at += passedMs;
        if (kind === 'away') room = away(room, lane, at);
        else if (kind === 'unheard') room = passedOver(room, { lane, at, believedMs: 75 });
        else room = letIn(room, lane);
        const full = lanes.map((each) => isKnownFull(room, each, at));
        const reserves = lanes.map((each) => returnReserve(room, each, pool));
        expect(full).toEqual(full.toSorted());
        expect(reserves).toEqual(reserves.toSorted((one, other) => one - other));
      }
    }),
  );
});

/** Poisson arrivals at 1.25 × load, exponential lengths; answers how often arrivals change sides, and the use. */
function overloaded(slots: number, shareMin: number) {
  const random = createSeededRandom(`${slots} ${shareMin}`);
  const arrivals = 60_000;
  let room = ampleRoom;
  let busy = 0;
  let [elapsed, used, switches] = [0, 0, 0];
  let wasIn = true;
  for (let arrival = 0; arrival < arrivals; ) {
    const rate = 1.25 * slots + busy;
    const passed = -Math.log(1 - random.next()) / rate;
    elapsed += passed;
    used += busy * passed;
    if (random.next() * rate < busy) {
      busy -= 1;
      continue;
    }
    arrival += 1;
    const isIn = slots - busy > returnReserve(room, 'interactive', { slots, shareMin });
    if (isIn) {
      busy += 1;
      room = letIn(room, 'interactive');
    }
    if (!isIn || busy === slots) room = away(room, 'interactive', 0, 0);
    if (isIn !== wasIn) switches += 1;
    wasIn = isIn;
  }
  return { switchShare: switches / arrivals, usedShare: used / elapsed / slots };
}

describe('the return reserve of a sixteenth, at 1.25 × load', () => {
  it.each([
    [32, 0.65],
    [64, 0.45],
  ])('on %i slots: %d of the changes of side or fewer, for at most 0.03 of the use', (slots, part) => {
    const [without, withIt] = [overloaded(slots, 0), overloaded(slots, 1 / 16)];
    expect(withIt.switchShare).toBeLessThan(without.switchShare * part);
    expect(without.usedShare - withIt.usedShare).toBeLessThan(0.03);
  });
});
