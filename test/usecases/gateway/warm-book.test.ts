import { describe, expect, it } from 'vitest';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import { aDedicatedTarget } from '#test/builders/a-target.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';
import { createConditionsBook } from '#usecases/gateway/conditions-book.ts';
import { createWarmBook } from '#usecases/gateway/warm-book.ts';

const asleep = aDedicatedTarget({ state: 'cold' });
const { id: target, quotaPool: pool } = asleep;
const at = 1_000_000;

describe('what a process met', () => {
  it('is that a target rests for ten seconds, or as long as it wishes, and that it has woken', () => {
    const resting = new Map<string, number>();
    const book = createWarmBook(resting);
    book.woke(asleep, at);
    expect(book.awake.get(target)).toBe(at + 120_000);
    book.wentCold(asleep, at);
    expect([book.awake.get(target), resting.get(pool)]).toEqual([undefined, at + 10_000]);
    book.wentCold(asleep, at, 25_000);
    expect(resting.get(pool)).toBe(at + 25_000);
  });
});

describe('what another process met', () => {
  const throttle = classifyFailure(aSignal({ errorName: 'ThrottlingException', httpStatus: 429 }));

  it('lets a target without a copy rest for half a minute, unless it has answered here since', () => {
    const book = createConditionsBook({ next: () => 0.5 });
    book.heardWarm({ target, pool, kind: 'cold', at });
    expect(book.view().resting.get(pool)).toBe(at + 30_000);
    const answered = createConditionsBook({ next: () => 0.5 });
    answered.answered(asleep, { at: at + 1, firstContentMs: 100, peers: [] });
    answered.heardWarm({ target, pool, kind: 'cold', at });
    expect(answered.view().resting.get(pool)).toBeUndefined();
  });

  it('opens a target that has woken, and ends its rest, but not that of a quota', () => {
    const book = createConditionsBook({ next: () => 0.5 });
    book.heardWarm({ target, pool, kind: 'cold', at });
    book.heardWarm({ target, pool, kind: 'awake', at: at + 1_000 });
    expect([book.view().awake?.get(target), book.view().resting.get(pool)]).toEqual([
      at + 121_000,
      undefined,
    ]);
    book.heardWarm({ target, pool, kind: 'cold', at: at + 2_000 });
    expect(book.view().awake?.get(target)).toBeUndefined();
    const throttled = createConditionsBook({ next: () => 0.5 });
    throttled.failed(asleep, throttle, { at });
    throttled.heardWarm({ target, pool, kind: 'awake', at });
    expect(throttled.view().resting.get(pool)).toBe(at + 500);
  });
});
