import { describe, expect, it } from 'vitest';
import { nothingShared, type SharedHealth } from '#core/health/shared-health.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createHealthBook } from '#usecases/gateway/health-book.ts';
import { HealthTeller } from '#usecases/gateway/health-teller.ts';
import type { Change } from '#usecases/gateway/shared-health-view.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const start = 1_000_000;
const plain = { severity: 'plain', countsAgainstRegion: false } as const;

/** A teller before a view that nobody else writes. */
function aTeller() {
  const clock = createVirtualClock(start);
  let stands: SharedHealth | undefined;
  let writes = 0;
  const book = createHealthBook((news) => teller.noted(news));
  const teller = new HealthTeller({
    view: {
      of: () => stands,
      change: async (_key: string, change: Change) => {
        const next = change(stands ?? nothingShared);
        if (next === undefined) return false;
        stands = next;
        writes += 1;
        return true;
      },
      fail: () => undefined,
    },
    book,
    behind: { add: () => undefined },
    clock,
    self: 'p1',
  });
  const stand = (health: SharedHealth) => {
    stands = health;
  };
  const fail = () => book.failed(east, plain, { at: clock.now(), model: 'chat' });
  const answer = () => book.answered(east, { at: clock.now(), firstContentMs: 50, peers: [east, west] });
  return { clock, book, teller, fail, answer, stands: () => stands, stand, writes: () => writes };
}

describe('what a process tells', () => {
  it('is nothing while all is well', () => {
    const { answer, writes } = aTeller();
    for (let index = 0; index < 20; index += 1) answer();
    expect(writes()).toBe(0);
  });

  it('are failures, once a second', () => {
    const { clock, fail, writes, stands } = aTeller();
    fail();
    clock.advance(100);
    fail();
    expect(writes()).toBe(1);
    clock.advance(1000);
    fail();
    expect(writes()).toBe(2);
    expect(stands()?.failures.map(({ by }) => by)).toEqual(['p1', 'p1', 'p1']);
  });

  it('is with a failure how it was answered before, of the last five minutes', () => {
    const { clock, fail, answer, stands } = aTeller();
    fail();
    expect(stands()?.tallies).toEqual([]);
    for (let index = 0; index < 3; index += 1) answer();
    clock.advance(1000);
    fail();
    expect(stands()?.tallies).toEqual([{ by: 'p1', at: start + 1000, good: 3, failed: 1 }]);
    clock.advance(400_000);
    fail();
    expect(stands()?.tallies).toEqual([{ by: 'p1', at: start + 1000, good: 3, failed: 1 }]);
  });

  it('is with a failure who was answered last, and which other tenant', () => {
    const { clock, book, stands } = aTeller();
    const peers = [east, west];
    for (const origin of ['shop.1', 'hasty.1', 'hasty.2']) {
      clock.advance(100);
      const calledAt = clock.now() - 50;
      book.answered(east, { at: clock.now(), calledAt, firstContentMs: 50, peers, origin });
    }
    book.failed(east, plain, { at: clock.now(), model: 'chat', origin: 'hasty.3' });
    expect(stands()?.goods).toEqual([
      { origin: 'hasty.2', at: start + 250 },
      { origin: 'shop.1', at: start + 50 },
    ]);
  });

  it('is a good answer, once, where failures have just been told', () => {
    const { clock, fail, answer, writes, stands } = aTeller();
    fail();
    clock.advance(1100);
    fail();
    clock.advance(1100);
    answer();
    expect([writes(), stands()?.goods.length]).toEqual([3, 1]);
    clock.advance(1100);
    answer();
    expect(writes()).toBe(3);
  });

  it('is what it saw, once time has shown that nobody else was answered', () => {
    const { clock, teller, stand, stands, writes } = aTeller();
    const seenBy = (by: string): SharedHealth => {
      const marks = Array.from({ length: 5 }, (_, ms) => ({ by, at: start + ms, points: 1, origin: '' }));
      return { ...nothingShared, failures: marks };
    };
    const confirm = (health: SharedHealth) => {
      stand(health);
      teller.confirm(east.id, health);
      return stands()?.standing?.phase;
    };
    expect(confirm(seenBy('p1'))).toBeUndefined();
    clock.advance(2500);
    expect(confirm(seenBy('p2'))).toBeUndefined();
    expect(writes()).toBe(0);
    expect(confirm(seenBy('p1'))).toBe('ejected');
  });
});
