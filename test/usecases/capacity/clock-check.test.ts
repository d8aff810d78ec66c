import { expect, it } from 'vitest';
import { WorldPages } from '#test/builders/capacity-rigs.ts';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import { ClockCheck } from '#usecases/capacity/clock-check.ts';
import { createPagedCapacityLedger } from '#usecases/capacity/paged-capacity-ledger.ts';
import type { LeasePageStore } from '#usecases/ports/lease-page-store.ts';

const HOUR_MS = 3_600_000;
const secondsOf = (at: number): number => Math.floor(at / 1_000) * 1_000;

it('suspects no clock that is wrong by two seconds, whenever the store looked at its own, and any by more than three', async () => {
  const world = new CapacityWorld('clocks');
  for (let try_ = 0; try_ < 500; try_ += 1) {
    await world.run(world.below(5_000));
    const skewMs = Math.round((world.random.next() * 2 - 1) * 6_000);
    const check = new ClockCheck({ clock: world.clock(skewMs) });
    const heard = check.begin();
    await world.run(world.below(100));
    const shown = secondsOf(world.now);
    const waitedMs = world.below(100);
    await world.run(waitedMs);
    heard(shown);
    if (Math.abs(skewMs) <= 2_000) expect(check.isWrong, `${skewMs} ms`).toBe(false);
    if (Math.abs(skewMs) > 3_200) expect(Math.sign(check.wrongByMs), `${skewMs} ms`).toBe(Math.sign(skewMs));
  }
});

it('suspects nobody who was frozen between the call and its answer, nor by an answer that shows no time', async () => {
  const world = new CapacityWorld('frozen');
  const check = new ClockCheck({ clock: world.clock(0) });
  const heard = check.begin();
  const shown = secondsOf(world.now);
  await world.run(HOUR_MS);
  heard(shown);
  expect(check.isWrong).toBe(false);
  check.begin()(Number.NaN);
  expect(check.isWrong).toBe(false);
});

it.each([HOUR_MS, -HOUR_MS])(
  'a process that is wrong by %d ms says so, has no slot, and leaves none taken',
  async (skewMs) => {
    const world = new CapacityWorld('wrong');
    const [pages, lines] = [new WorldPages(), [] as unknown[]];
    const clock = world.clock(skewMs);
    const clockCheck = new ClockCheck({ clock });
    const told = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
      const heard = clockCheck.begin();
      const answer = await call();
      heard(secondsOf(world.now));
      return answer;
    };
    const plain = pages.storeOf(world, 'one');
    const store: LeasePageStore = {
      admit: (...asked) => told(() => plain.admit(...asked)),
      renew: (...asked) => told(() => plain.renew(...asked)),
      release: (...asked) => told(() => plain.release(...asked)),
    };
    const log = { write: (...line: readonly unknown[]) => void lines.push(line) };
    const ledger = createPagedCapacityLedger({
      store,
      clock,
      random: world.random,
      log,
      clockCheck,
    });
    const limit = { target: 'chat', slots: 4, copies: 1 };
    for (const leaseId of ['a', 'b']) {
      const answer = ledger.acquire({ limit, leaseId, kvTokens: 0, slotsReserved: 0, at: clock.now() });
      await world.run(1_000);
      expect(await answer).toEqual({ granted: false, reason: 'unknown' });
      expect(pages.page('chat#0').leases.size).toBe(0);
    }
    expect(lines).toMatchObject([['error', 'capacity-clock-wrong', { clockAheadMs: expect.any(Number) }]]);
  },
);
