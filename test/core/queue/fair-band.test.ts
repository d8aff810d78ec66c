import { describe, expect, it } from 'vitest';
import {
  emptyBand,
  type FairBand,
  headOf,
  joinBand,
  leaveBand,
  rankOf,
  takeTurn,
  turnsBefore,
  type Waiter,
} from '#core/queue/fair-band.ts';
import { usualDealing } from '#core/queue/shuffle-shards.ts';

let lastId = 0;
const waiter = (tenant: string, leaveBy: number, work = 1): Waiter => {
  lastId += 1;
  return { id: lastId, tenant, work, leaveBy };
};

const bandOf = (...waiters: readonly Waiter[]): FairBand =>
  waiters.reduce((band, each) => joinBand(band, each, 0), emptyBand(usualDealing));

/** Everybody's turn, one every `gapMs`, as tenants. */
function turnsOf(start: FairBand, gapMs = 10): readonly string[] {
  const tenants: string[] = [];
  let band = start;
  for (let head = headOf(band), at = 0; head !== undefined; head = headOf(band), at += gapMs) {
    tenants.push(head.tenant);
    band = takeTurn(band, head, at);
  }
  expect(band.waiting).toBe(0);
  expect(band.tenants.size).toBe(0);
  return tenants;
}

describe('within a tenant', () => {
  it('the call that leaves first has the first turn', () => {
    const [late, early, middle] = [waiter('one', 300), waiter('one', 100), waiter('one', 200)];
    let band = bandOf(late, early, middle);
    expect(rankOf(band, waiter('one', 150))).toBe(1);
    for (const expected of [early, middle, late]) {
      expect(headOf(band)).toBe(expected);
      band = takeTurn(band, expected, 0);
    }
  });

  it('calls that leave at the same time come in the order in which they joined', () => {
    const calls = [waiter('one', 100), waiter('one', 100), waiter('one', 100)];
    expect(headOf(bandOf(...[...calls].reverse()))).toBe(calls[0]);
  });
});

describe('between tenants', () => {
  it('who asks a hundred times, and early, gets no more turns than who asks ten times', () => {
    const many = Array.from({ length: 100 }, (_, index) => waiter('many', index));
    const few = Array.from({ length: 10 }, (_, index) => waiter('few', 5000 + index));
    const first = turnsOf(bandOf(...many, ...few)).slice(0, 24);
    // Alike are accounts that differ by two calls and a quarter.
    expect(first.filter((tenant) => tenant === 'few').length).toBeGreaterThanOrEqual(9);
  });

  it('work counts, not calls', () => {
    const long = Array.from({ length: 40 }, (_, index) => waiter('long', index, 1000));
    const short = Array.from({ length: 400 }, (_, index) => waiter('short', 5000 + index, 10));
    const turns = turnsOf(bandOf(...long, ...short), 1);
    const untilTenth = turns.slice(0, turns.indexOf('long', 0) + 4);
    expect(untilTenth.filter((tenant) => tenant === 'long').length).toBeLessThanOrEqual(4);
    const half = turns.slice(0, 220);
    expect(half.filter((tenant) => tenant === 'short').length).toBeGreaterThan(200);
  });

  it('what was given fades', () => {
    let band = bandOf(...Array.from({ length: 23 }, (_, index) => waiter('before', index)));
    for (let turn = 0; turn < 20; turn += 1) band = takeTurn(band, headOf(band) as Waiter, turn);
    band = joinBand(band, waiter('fresh', 9000), 20);
    expect(headOf(band)?.tenant).toBe('fresh');
    // Ten minutes later a turn writes the account anew.
    band = takeTurn(band, headOf(band) as Waiter, 600_000);
    band = joinBand(band, waiter('fresh', 999_999), 600_000);
    expect(headOf(band)?.tenant).toBe('before');
  });

  it('one shard for all would let those who ask most have all turns: the shards are what keeps tenants apart', () => {
    const noisy = Array.from({ length: 300 }, (_, index) => waiter(`noisy-${index % 3}`, index));
    const quiet = [waiter('quiet', 5000), waiter('quiet', 5001), waiter('quiet', 5002)];
    const lastOfQuiet = (dealing: { shards: number; hand: number }): number =>
      turnsOf(
        [...noisy, ...quiet].reduce((band, each) => joinBand(band, each, 0), emptyBand(dealing)),
      ).lastIndexOf('quiet');
    expect(lastOfQuiet(usualDealing)).toBeLessThan(24);
    expect(lastOfQuiet({ shards: 1, hand: 1 })).toBeGreaterThan(290);
  });

  it('who fills most of the line comes after those who were given about the same', () => {
    const crowd = Array.from({ length: 4 }, (_, index) => waiter('crowd', index));
    const others = Array.from({ length: 3 }, (_, index) => waiter(`other-${index}`, 100 + index));
    expect(turnsOf(bandOf(...crowd, ...others)).slice(0, 4)).toEqual([
      'other-0',
      'other-1',
      'other-2',
      'crowd',
    ]);
    expect(turnsOf(bandOf(...crowd.slice(0, 3), ...others)).slice(0, 3)).toEqual(['crowd', 'crowd', 'crowd']);
  });
});

it('counts the turns before a rank, every tenant having as many as it', () => {
  const band = bandOf(...[1, 2, 3].map((at) => waiter('one', at)), waiter('two', 4), waiter('three', 5));
  expect([0, 1, 2, 3].map((rank) => turnsBefore(band, rank))).toEqual([0, 3, 4, 5]);
});

it('changes nothing for somebody who is not there', () => {
  const band = bandOf(waiter('one', 1));
  expect(leaveBand(band, waiter('one', 1))).toBe(band);
  expect(leaveBand(band, waiter('two', 1))).toBe(band);
  expect(takeTurn(band, waiter('two', 1), 5)).toBe(band);
});
