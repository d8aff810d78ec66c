import { expect, it } from 'vitest';
import { durationAt } from '#core/live/duration-counts.ts';
import { aRequestRecord } from '#test/builders/a-request-record.ts';
import { LiveCell, WINDOW_PARTS } from '#usecases/gateway/live-cell.ts';

it('counts a second by tier and outcome, and begins the next one empty', () => {
  const cell = new LiveCell();
  cell.add(aRequestRecord({ spilled: true }), {});
  cell.add(aRequestRecord({ tier: undefined, outcome: 'rate_limited', attempts: [] }), {});
  const { tiers, outcomes, spilled, failovers, inputTokens } = cell.second;
  expect(tiers).toEqual({ dedicated: 0, serverless: 1, baseline: 0, none: 1 });
  expect([Object.fromEntries(outcomes), spilled, failovers, inputTokens]).toEqual([
    { answered: 1, rate_limited: 1 },
    1,
    0,
    20,
  ]);
  cell.endSecond();
  expect([cell.second.requests, cell.window().requests]).toEqual([0, 2]);
});

it('forgets a part of its window with each turn, and says when none is left', () => {
  const cell = new LiveCell();
  cell.add(aRequestRecord(), {});
  const turns = Array.from({ length: WINDOW_PARTS }, () => cell.turn());
  expect(turns).toEqual([...Array.from({ length: WINDOW_PARTS - 1 }, () => false), true]);
  expect(cell.window().requests).toBe(0);
});

it('adds money up, and counts answers whose price nobody knows', () => {
  const cell = new LiveCell();
  cell.add(aRequestRecord(), {});
  cell.add(aRequestRecord({ costPicoUsd: undefined }), {});
  cell.add(aRequestRecord({ costPicoUsd: undefined, inputTokens: undefined }), {});
  const { microUsd, unpriced, totals, firstContents } = cell.window();
  expect([microUsd, unpriced]).toEqual([2, 1]);
  expect(durationAt(totals, 0.5)).toBeCloseTo(100, -1);
  expect(durationAt(firstContents, 0.5)).toBeCloseTo(50, -1);
});

it('calls slow what takes longer than the p95 that the last second left', () => {
  const cell = new LiveCell();
  cell.add(aRequestRecord(), {});
  expect(cell.slow.told()).toHaveLength(1);
  cell.endSecond();
  cell.add(aRequestRecord({ durationMs: 60 }), {});
  expect(cell.slow.told()).toEqual([]);
  cell.add(aRequestRecord({ durationMs: 500 }), {});
  expect(cell.slow.told()).toMatchObject([{ totalMs: 500 }]);
});
