import { expect, it } from 'vitest';
import { aRequestRecord } from '#test/builders/a-request-record.ts';
import { LiveTally } from '#usecases/gateway/live-tally.ts';

it('keeps apart what is of other tenants, residencies and models, and counts what finds no place', () => {
  const tally = new LiveTally(0);
  for (let model = 0; model < 1030; model += 1) tally.add(aRequestRecord({ model: `m-${model}` }), {});
  expect([[...tally.cells()].length, tally.uncounted]).toEqual([1024, 6]);
  tally.endSecond(1000);
  expect(tally.uncounted).toBe(0);
});

it('looks back over a minute at most, and gives back the place of what was silent for it', () => {
  const tally = new LiveTally(0);
  tally.add(aRequestRecord(), {});
  for (let atMs = 1000; atMs <= 59_000; atMs += 1000) tally.endSecond(atMs);
  expect([[...tally.cells()].length, tally.windowMs(59_000)]).toEqual([1, 59_000]);
  tally.add(aRequestRecord({ tenant: 'other' }), {});
  tally.endSecond(60_000);
  expect([...tally.cells()].map(([subject]) => subject.tenant)).toEqual(['other']);
  expect(tally.windowMs(65_000)).toBe(55_000);
});

it('empties every part after a pause that was longer than its window', () => {
  const tally = new LiveTally(0);
  tally.add(aRequestRecord(), {});
  tally.endSecond(500_000);
  expect([[...tally.cells()].length, tally.windowMs(500_000)]).toEqual([0, 50_000]);
});
