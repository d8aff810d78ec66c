import { describe, expect, it } from 'vitest';
import { createMemoryHealthStore } from '#adapters/memory/memory-health-store.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { aFleet, type Fleet } from '#test/builders/a-fleet.ts';
import { gatewayStart } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal } from '#test/builders/scripted-invoker.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createHealthBook, type HealthBook } from '#usecases/gateway/health-book.ts';
import { createHealthSharing } from '#usecases/gateway/health-sharing.ts';
import type { HealthStore } from '#usecases/ports/health-store.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const failing = { failsBefore: aSignal({ errorName: 'InternalServerException', httpStatus: 500 }) };

const callsOf = (fleet: Fleet, target: { readonly id: string }, fromMs: number): readonly number[] =>
  fleet.calls.filter((call) => call.target === target.id && call.ms > fromMs).map(({ ms }) => ms);

describe('a fleet of fifty processes, one request each at a time', () => {
  it.each([
    [0.5, 1],
    [2, 2],
    [3.5, 3],
    [4.5, 4],
    [6, 5],
    [20, 6],
    [100, 7],
  ])(
    'leaves a failing target within ten requests or two seconds, at %s requests a second',
    async (rate, seed) => {
      const fleet = await aFleet({ seed, processes: 50, targets: [east, west] });
      await fleet.serve(50, 1000);
      fleet.invoker.script(east.id, failing);
      const downMs = fleet.nowMs();
      const statuses = await fleet.serve(rate, Math.max(6000, 12_000 / rate));
      expect(new Set(statuses)).toEqual(new Set([200]));
      const [first = 0, ...rest] = callsOf(fleet, east, downMs);
      const gap = rest.findIndex((ms, index) => ms - (rest[index - 1] ?? first) > 4000);
      const until = gap === -1 ? rest : rest.slice(0, gap);
      const leftMs = (until.at(-1) ?? first) - first;
      expect(until.length).toBeGreaterThan(0);
      expect(until.length <= 10 || leftMs <= 2000, `${until.length} calls in ${leftMs} ms`).toBe(true);
      fleet.stop();
    },
  );

  it('leaves it, and comes back to it, with clocks that are two seconds wrong', async () => {
    const fleet = await aFleet({ seed: 31, processes: 50, targets: [east, west], skewMs: 2000 });
    fleet.invoker.script(east.id, failing);
    await fleet.serve(50, 5000);
    const leftMs = fleet.nowMs();
    await fleet.serve(50, 2000);
    expect(callsOf(fleet, east, leftMs).length).toBeLessThanOrEqual(1);
    const episodes = fleet.memory.writes.flatMap(({ health }) => health.standing?.episode ?? []);
    expect(episodes).toEqual(episodes.toSorted((one, other) => one - other));
    fleet.invoker.script(east.id, answering());
    await fleet.serve(30, 25_000);
    const backMs = fleet.nowMs();
    await fleet.serve(50, 1000);
    expect(callsOf(fleet, west, backMs)).toEqual([]);
    fleet.stop();
  });

  it.each([
    ['before', 3_600_000],
    ['behind', -3_600_000],
  ])('is not misled by one whose clock is an hour %s', async (_, firstWrongMs) => {
    const fleet = await aFleet({ seed: 41, processes: 20, targets: [east, west], firstWrongMs });
    fleet.invoker.script(east.id, failing);
    await fleet.serve(50, 4000);
    const leftMs = fleet.nowMs();
    const statuses = await fleet.serve(50, 10_000);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const asked = fleet.calls.filter(({ target, ms }) => target === east.id && ms > leftMs);
    // Probes of theirs, and no more.
    expect(asked.filter(({ process }) => process !== 0).length).toBeLessThanOrEqual(2);
    fleet.invoker.script(east.id, answering());
    await fleet.serve(30, 30_000);
    const backMs = fleet.nowMs();
    await fleet.serve(50, 1000);
    const toWest = fleet.calls.filter(({ target, ms }) => target === west.id && ms > backMs);
    // The wrong one goes by its own ejection, which is a minute at the longest.
    expect(toWest.filter(({ process }) => process !== 0)).toEqual([]);
    fleet.stop();
  });

  it('keeps a target that fails one call in twenty', async () => {
    const fleet = await aFleet({ seed: 11, processes: 50, targets: [east, west] });
    const random = createSeededRandom(5);
    fleet.invoker.script(
      east.id,
      ...Array.from({ length: 4000 }, () => (random.next() < 0.05 ? failing : answering())),
    );
    await fleet.serve(150, 8000);
    expect(fleet.all.flatMap(({ ejections }) => ejections)).toEqual([]);
    expect(callsOf(fleet, east, 0).length).toBeGreaterThan(1000);
    fleet.stop();
  });

  /** Calls of a target fail by chance, some of them. */
  const failSome = (fleet: Fleet, { id }: { readonly id: string }, share: number, seed: number): void => {
    const random = createSeededRandom(seed);
    const scripts = Array.from({ length: 3000 }, () => (random.next() < share ? failing : answering()));
    fleet.invoker.script(id, ...scripts);
  };

  it.each([
    [0.55, 12],
    [0.8, 14],
  ])(
    'leaves a target of which %s of the calls fail, between good answers, of which no process sees ten',
    async (share, seed) => {
      const fleet = await aFleet({ seed, processes: 50, targets: [east, west] });
      failSome(fleet, east, share, seed);
      await fleet.serve(100, 4000);
      const ejected = fleet.memory.writes.find(({ health }) => health.standing);
      const untilMs = (ejected?.health.standing?.at ?? Number.POSITIVE_INFINITY) - gatewayStart;
      expect(callsOf(fleet, east, 0).filter((ms) => ms <= untilMs).length).toBeLessThan(200);
      fleet.stop();
    },
  );

  it('leaves none of two that fail alike', async () => {
    const fleet = await aFleet({ seed: 15, processes: 50, targets: [east, west] });
    failSome(fleet, east, 0.55, 8);
    failSome(fleet, west, 0.55, 9);
    await fleet.serve(100, 4000);
    const failed = fleet.memory.writes.flatMap(({ health }) => health.tallies.map((tally) => tally.failed));
    expect(failed.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(100);
    expect(fleet.all.flatMap(({ ejections }) => ejections)).toEqual([]);
    fleet.stop();
  });

  it('writes nothing while all is well', async () => {
    const fleet = await aFleet({ seed: 12, processes: 20, targets: [east, west] });
    await fleet.serve(100, 3000);
    expect([fleet.calls.length > 200, fleet.memory.writes]).toEqual([true, []]);
    fleet.stop();
  });

  it('does not believe one sick process, which leaves every target by itself', async () => {
    const fleet = await aFleet({ seed: 13, processes: 8, targets: [east, west], sick: 0 });
    await fleet.serve(60, 8000);
    const well = fleet.calls.filter(({ process, ms }) => process !== 0 && ms > 1000);
    expect(new Set(well.map(({ target }) => target))).toEqual(new Set([east.id]));
    // Nobody else has asked west.
    const ejected = fleet.all.flatMap(({ ejections }) => ejections.map(({ target }) => target));
    expect(ejected).not.toContain(east.id);
    fleet.stop();
  });

  it('asks the last lawful target all the same, whatever the others say of it', async () => {
    const fleet = await aFleet({ seed: 14, processes: 10, targets: [east] });
    fleet.invoker.script(east.id, failing);
    await fleet.serve(20, 3000);
    fleet.invoker.script(east.id, answering());
    const newcomer = fleet.open();
    const starting = newcomer.gateway.start();
    await fleet.pass(100);
    await starting;
    const asked = newcomer.chat();
    await fleet.pass(50);
    expect((await asked).status).toBe(200);
    newcomer.gateway.stop();
    fleet.stop();
  });
});

describe('an outage that some processes know of', () => {
  const out = async (seed: number, wrap?: (store: HealthStore) => HealthStore) => {
    const fleet = await aFleet({ seed, processes: 20, targets: [east, west], ...(wrap && { wrap }) });
    fleet.invoker.script(east.id, failing);
    await fleet.serve(50, 3000);
    return fleet;
  };

  it('is known at once to one that starts, and has cost few writes, none of a target that is well', async () => {
    const fleet = await out(21);
    const { writes } = fleet.memory;
    expect([writes.length < 40, ...new Set(writes.map(({ key }) => key))]).toEqual([true, east.id]);
    const newcomer = fleet.open();
    const before = fleet.calls.length;
    const starting = newcomer.gateway.start();
    await fleet.pass(100);
    await starting;
    const asked = newcomer.chat();
    await fleet.pass(50);
    expect((await asked).headers.get('x-spillway-target')).toBe(west.id);
    expect(fleet.calls.slice(before).map(({ target }) => target)).toEqual([west.id]);
    newcomer.gateway.stop();
    fleet.stop();
  });

  it('is probed by one request at a time, and ends for all of them together, by a growing share', async () => {
    const fleet = await out(22);
    const ejectedMs = fleet.memory.writes.find(({ health }) => health.standing)?.health.standing?.at ?? 0;
    const dueMs = ejectedMs + 5000 - gatewayStart;
    const probedFromMs = fleet.nowMs();
    await fleet.serve(100, dueMs + 3000 - probedFromMs);
    expect(callsOf(fleet, east, probedFromMs)).toHaveLength(1);
    fleet.invoker.script(east.id, answering());
    await fleet.serve(20, 9000);
    const back = fleet.memory.writes.at(-1)?.health.standing;
    expect(back).toMatchObject({ phase: 'returning' });
    const backMs = (back?.at ?? 0) - gatewayStart;
    await fleet.serve(100, backMs + 2000 - fleet.nowMs() > 0 ? backMs + 2000 - fleet.nowMs() : 10);
    const shareFrom = (fromMs: number, untilMs: number): number => {
      const asked = fleet.calls.filter(({ ms }) => ms > fromMs && ms <= untilMs);
      return asked.filter(({ target }) => target === east.id).length / asked.length;
    };
    await fleet.serve(60, 12_000);
    expect(shareFrom(backMs + 1000, backMs + 3000)).toBeLessThan(0.5);
    expect(shareFrom(backMs + 10_500, fleet.nowMs())).toBe(1);
    fleet.stop();
  });

  it('is everybody’s own discovery while the table is away, and counted', async () => {
    const away = () => Promise.reject(new Error('the table is away'));
    const fleet = await out(23, (store) => ({ ...store, loadAll: away, load: away, save: away }));
    const perProcess = fleet.all.map(
      (_, index) =>
        fleet.calls.filter(({ process, target }) => process === index && target === east.id).length,
    );
    expect(Math.max(...perProcess)).toBeLessThanOrEqual(5);
    expect(fleet.all.every(({ events }) => events.includes('health-unshared'))).toBe(true);
    const warnings = fleet.all.flatMap(({ lines }) =>
      lines.filter(({ event }) => event === 'health-sharing-failed'),
    );
    expect(warnings).toHaveLength(fleet.all.length);
    fleet.stop();
  });

  it('is not forgotten for an item that cannot be read, which is counted', async () => {
    const fleet = await out(24, (store) => ({
      ...store,
      loadAll: async () => ({ ...(await store.loadAll()), badItems: 1 }),
    }));
    expect(fleet.all.every(({ events }) => events.includes('bad-health-item'))).toBe(true);
    expect(fleet.all.flatMap(({ ejections }) => ejections)).toEqual([
      { at: expect.any(Number), target: east.id, model: 'chat-small' },
    ]);
    fleet.stop();
  });
});

describe('what one process is sure of', () => {
  const clock = createVirtualClock(gatewayStart);
  const open = (store: HealthStore, seed: number) => {
    const writes: Promise<unknown>[] = [];
    const book = createHealthBook((news) => sharing.noted(news));
    const sharing = createHealthSharing({
      health: store,
      book,
      behind: { add: (work) => void writes.push(work) },
      clock,
      random: createSeededRandom(seed),
      log: { write: () => undefined },
      metrics: { record: () => undefined, ejected: () => undefined, count: () => undefined },
    });
    return { book, sharing, told: () => Promise.all(writes) };
  };
  const plain = { severity: 'plain', countsAgainstRegion: false } as const;
  const good = (ms: number, firstContentMs = 50) => ({
    at: clock.now() + ms,
    firstContentMs,
    peers: [east, west],
  });

  it.each([
    [
      'that a target says it can never serve',
      (book: HealthBook) =>
        book.failed(east, { ...plain, severity: 'fatal' }, { at: clock.now(), model: 'chat' }),
    ],
    [
      'that most answers fail',
      (book: HealthBook) => {
        for (let ms = 0; ms < 12; ms += 1)
          if (ms % 3 === 0) book.answered(east, good(ms));
          else book.failed(east, plain, { at: clock.now() + ms, model: 'chat' });
      },
    ],
  ])('is known to the others at once: %s', async (_, happen) => {
    const store = createMemoryHealthStore();
    const [one, other] = [open(store, 1), open(store, 2)];
    happen(one.book);
    expect(one.book.of(east.id).kind).toBe('ejected');
    await one.told();
    await other.sharing.refresh();
    expect(other.book.of(east.id).kind).toBe('ejected');
  });

  it.each([
    [
      'failures in a row',
      (book: HealthBook) => {
        for (let ms = 0; ms < 5; ms += 1) book.failed(east, plain, { at: clock.now() + ms, model: 'chat' });
      },
    ],
    [
      'twenty times slower than its peers',
      (book: HealthBook) => {
        book.answered(west, good(0));
        book.answered(east, good(1, 3000));
        book.answered(east, good(2, 3000));
      },
    ],
  ])('is believed after two seconds without a word against it: %s', async (_, happen) => {
    const store = createMemoryHealthStore();
    const [one, other] = [open(store, 1), open(store, 2)];
    happen(one.book);
    expect(one.book.of(east.id).kind).toBe('ejected');
    for (const [milliseconds, kind] of [
      [1000, 'healthy'],
      [1200, 'ejected'],
    ] as const) {
      await one.told();
      clock.advance(milliseconds);
      await one.sharing.refresh();
      await one.told();
      await other.sharing.refresh();
      expect(other.book.of(east.id).kind).toBe(kind);
    }
  });

  it('and that a probe taught nothing leaves its place to the next', async () => {
    const store = createMemoryHealthStore();
    const [one, other] = [open(store, 1), open(store, 2)];
    one.book.failed(east, { ...plain, severity: 'fatal' }, { at: clock.now(), model: 'chat' });
    await one.told();
    clock.advance(5000);
    await other.sharing.refresh();
    expect(await one.sharing.claimProbe(east)).toBe(true);
    expect(await other.sharing.claimProbe(east)).toBe(false);
    expect(other.sharing.claimProbe(east)).toBeUndefined();
    one.book.abandoned(east, clock.now());
    await one.told();
    await other.sharing.refresh();
    expect(await other.sharing.claimProbe(east)).toBe(true);
  });
});
