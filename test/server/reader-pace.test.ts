import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ReaderPace } from '#server/reader-pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An answer whose reader takes what was written after so long. */
async function waited(pace: ReaderPace, drainsAfterMs: number): Promise<'written' | 'cut off'> {
  const outgoing = new EventEmitter();
  const waiting = pace.untilWritable(outgoing as ServerResponse).then(
    () => 'written' as const,
    () => 'cut off' as const,
  );
  setTimeout(() => outgoing.emit('drain'), drainsAfterMs);
  await vi.advanceTimersByTimeAsync(drainsAfterMs);
  await vi.advanceTimersByTimeAsync(0);
  expect(outgoing.eventNames()).toEqual([]);
  return waiting;
}

const limits = { stallMsMax: 60_000, readBytesPerSecondMin: 1000 };

it('cuts off a reader that takes nothing for too long', async () => {
  const pace = new ReaderPace(limits);
  pace.wrote(1_000_000_000);
  expect(await waited(pace, 59_999)).toBe('written');
  expect(await waited(pace, 60_001)).toBe('cut off');
});

it('cuts off a reader that is slower over the whole answer than any network', async () => {
  const pace = new ReaderPace(limits);
  for (let minute = 0; minute < 3; minute += 1) {
    pace.wrote(20_000);
    // 20 s for each of its parts, and a minute once.
    expect(await waited(pace, 39_000)).toBe('written');
  }
  pace.wrote(20_000);
  expect(await waited(pace, 39_000)).toBe('cut off');
});

it('lets a reader that is as fast as it must be read for ever', async () => {
  const pace = new ReaderPace(limits);
  for (let part = 0; part < 500; part += 1) {
    pace.wrote(50_000);
    expect(await waited(pace, 50_000)).toBe('written');
  }
});
