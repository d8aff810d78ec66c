import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COPY_SLOTS_MAX, PAGE_SLOTS, pageCount, pagesFor, spotOf } from '#core/capacity/lease-page-layout.ts';

const limits = fc.record({
  target: fc.constant('chat'),
  slots: fc.integer({ min: 1, max: 700 }),
  copies: fc.integer({ min: 1, max: 12 }),
  kvTokens: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
});
const roomsOf = (limit: Parameters<typeof spotOf>[0], slotsReserved: number) =>
  Array.from({ length: pageCount(limit) }, (_, page) => spotOf(limit, page, slotsReserved).room);
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

describe('pages of a limit', () => {
  it('hold together what the limit says, less what is reserved, and never more KV than the copies', () => {
    fc.assert(
      fc.property(limits, fc.nat({ max: 100 }), (limit, reserved) => {
        const slotsReserved = reserved % limit.slots;
        const rooms = roomsOf(limit, slotsReserved);
        const perCopy = Math.ceil(limit.slots / limit.copies);
        const held = sum(rooms.map(({ slots }) => slots));
        if (limit.kvTokens === undefined || perCopy <= COPY_SLOTS_MAX)
          expect(held).toBe(limit.slots - slotsReserved);
        else expect(held).toBeLessThan(limit.slots - slotsReserved);
        expect(sum(rooms.map(({ kvTokens = 0 }) => kvTokens))).toBeLessThanOrEqual(limit.kvTokens ?? 0);
        if (limit.kvTokens === undefined)
          expect(Math.max(...rooms.map(({ slots }) => slots))).toBeLessThanOrEqual(PAGE_SLOTS);
      }),
    );
  });

  it('never let in more than the larger of two limits that are known at a time', () => {
    fc.assert(
      fc.property(limits, limits, (left, right) => {
        const [one, two] = [left, right].map((each) => roomsOf({ ...each, kvTokens: undefined }, 0));
        const both = (one?.length ?? 0) > (two?.length ?? 0) ? [one, two] : [two, one];
        const most = both[0]?.map((room, page) => Math.max(room.slots, both[1]?.[page]?.slots ?? 0)) ?? [];
        expect(sum(most)).toBeLessThanOrEqual(Math.max(left.slots, right.slots));
      }),
    );
  });

  it('are tried in an order that the lease’s id decides, all of four and three of more, each once', () => {
    fc.assert(
      fc.property(limits, fc.string(), (limit, leaseId) => {
        const spots = pagesFor(limit, { leaseId, slotsReserved: 0 });
        expect(spots).toEqual(pagesFor(limit, { leaseId, slotsReserved: 0 }));
        const count = pageCount(limit);
        expect(new Set(spots.map(({ key }) => key)).size).toBe(count <= 4 ? count : 3);
      }),
    );
  });

  it('begin with one that has just been left, where there still is one', () => {
    const limit = { target: 'chat', slots: 160, copies: 1 };
    const pages = (firstPage: number, of = limit) =>
      pagesFor(of, { leaseId: 'lease', slotsReserved: 0, firstPage }).map(({ page }) => page);
    expect([pages(7)[0], new Set(pages(7)).size]).toEqual([7, 3]);
    expect(pages(7, { ...limit, slots: 40 }).sort()).toEqual([0, 1, 2]);
  });

  it('are chosen as often as they have slots', () => {
    const limit = { target: 'chat', slots: 40, copies: 1 };
    const first = Array.from(
      { length: 10_000 },
      (_, index) => pagesFor(limit, { leaseId: `lease-${index}`, slotsReserved: 0 })[0]?.key,
    );
    const share = (key: string) => first.filter((each) => each === key).length / first.length;
    expect(share('chat#0')).toBeCloseTo(0.4, 1);
    expect(share('chat#2')).toBeCloseTo(0.2, 1);
  });

  it('are whole copies where KV tokens are limited, so that a long prompt finds all of one copy’s memory', () => {
    const limit = { target: 'chat', slots: 130, copies: 2, kvTokens: 1000 };
    expect(spotOf(limit, 1, 0)).toEqual({
      page: 1,
      key: 'chat#copy-1',
      room: { slots: 65, kvTokens: 500 },
    });
    expect(spotOf(limit, 1, 13)).toMatchObject({ room: { slots: 58, kvTokens: 450 } });
    expect(spotOf({ ...limit, copies: 1, slots: 400 }, 0, 0).room.slots).toBe(COPY_SLOTS_MAX);
  });
});
