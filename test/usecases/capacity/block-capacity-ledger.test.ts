import { describe, expect, it } from 'vitest';
import { LEASE_OVERDUE_MS, LEASE_RENEWED_MS, leaseExpiry } from '#core/capacity/lease.ts';
import type { SlotBlock } from '#core/capacity/slot-block.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { blocksRig, WorldBooks } from '#test/builders/block-rigs.ts';
import { CapacityWorld } from '#test/builders/capacity-world.ts';
import { createBlockCapacityLedger } from '#usecases/capacity/block-capacity-ledger.ts';
import { REFRESHED_MS, RENEWED_MS_MIN } from '#usecases/capacity/held-block.ts';
import type { CapacityLedger } from '#usecases/ports/capacity-ledger.ts';
import { describeCapacityLedger, runSchedules } from '../../port-suites/capacity-ledger.suite.ts';

const onBlocks = { rig: blocksRig(), hasNetwork: true, renewedMs: RENEWED_MS_MIN };

describeCapacityLedger('token blocks', onBlocks);

describe('the runs catch', () => {
  const caught = async (bend: (block: SlotBlock) => SlotBlock, words: RegExp): Promise<void> => {
    const { complaints } = await runSchedules({ ...onBlocks, rig: blocksRig({ bend }) }, 6_000);
    expect(complaints[0]).toMatch(words);
  };

  it('a block that others may take over before a slow clock has let go of it', () =>
    caught(
      (block) => ({ ...block, expiresAt: block.expiresAt - LEASE_OVERDUE_MS }),
      /(slots|KV tokens) in use/,
    ));

  it('a block of which the book says less than is used', () =>
    caught((block) => ({ ...block, slots: Math.floor(block.slots / 2) }), /slots (in use|were free)/));

  it('a block that never lapses', () =>
    caught(
      (block) => ({ ...block, expiresAt: block.expiresAt + 60_000 }),
      /free 32 s after every process died/,
    ));
});

describe('a ledger on token blocks', () => {
  it('asks its store once for many calls, at once for none of them, and again only after seconds', async () => {
    const { world, books, open } = aWorld();
    const ledger = open('one');
    const ask = (id: number) => ledger.acquire(demand(`call-${id}`, world));
    const first = ask(0);
    await world.run(200);
    expect(await first).toMatchObject({ granted: true });
    expect(books.writes).toBe(1);
    for (let id = 1; id <= 20; id += 1) {
      const answer = ask(id);
      await world.run(100);
      expect(await answer).toMatchObject({ granted: true });
      ledger.release(limit, `call-${id}`, world.now);
    }
    expect(books.writes).toBe(1);
    await world.run(REFRESHED_MS);
    expect(ask(21)).toMatchObject({ granted: true });
    await world.run(200);
    expect(books.writes).toBe(2);
  });

  it('holds its block while the store is away, and not a second longer than it may', async () => {
    const { world, open } = aWorld();
    const ledger = open('one');
    for (const id of ['a', 'b']) {
      void ledger.acquire(demand(id, world));
      await world.run(200);
      ledger.release(limit, id, world.now);
    }
    world.isDown = true;
    expect(ledger.acquire(demand('c', world))).toMatchObject({ granted: true });
    ledger.release(limit, 'c', world.now);
    await world.run(40_000);
    const late = ledger.acquire(demand('d', world));
    await world.run(2_000);
    expect(await late).toEqual({ granted: false, reason: 'unknown' });
  });

  it('asks again for a block of which the store did not hear while a call holds a part of it', async () => {
    const { world, books, open } = aWorld();
    const ledger = open('one');
    await grant(world, ledger, 1);
    await world.run(LEASE_RENEWED_MS);
    world.isDown = true;
    const lost = ledger.renew(limit, 'one-0', { at: world.now });
    await world.run(2_000);
    expect(await lost).toBe(true);
    world.isDown = false;
    await world.run(2_000);
    const block = books.books.get('chat')?.blocks.get('one');
    expect(block?.expiresAt).toBeGreaterThan(leaseExpiry(world.now - 2_000));
  });

  it('keeps to what it had when the book is lost, and lets nobody have more until all of it has lapsed', async () => {
    const { world, books, open } = aWorld();
    const [one, two] = [open('one'), open('two')];
    await grant(world, one, 6);
    await world.run(REFRESHED_MS);
    books.books.clear();
    // A call of the holder finds that it is not in the book any more.
    one.release(limit, 'one-0', world.now);
    await world.run(200);
    const [refused] = await grant(world, two, 1);
    expect(refused).toEqual({ granted: false, reason: 'full' });
    await world.run(34_000);
    const [granted] = await grant(world, two, 1);
    expect(granted).toMatchObject({ granted: true });
  });
});

it('takes nothing of a target whose book cannot be read, and goes on with the others', async () => {
  const { world, books } = aWorld();
  const store = books.storeOf(world, 'one');
  const lines: string[] = [];
  const unreadable = async () => {
    throw houseError('answer_malformed', { message: 'no book', facts: { operation: 'UpdateItem' } });
  };
  const ledger = createBlockCapacityLedger({
    store: {
      ...store,
      grow: (target, before, claimed) =>
        target === 'bad' ? unreadable() : store.grow(target, before, claimed),
    },
    clock: world.clock(0),
    log: { write: (level, event) => void lines.push(`${level} ${event}`) },
    holder: 'one',
  });
  const bad = { ...limit, target: 'bad' };
  for (const leaseId of ['one', 'two'])
    expect(await ledger.acquire({ ...demand(leaseId, world), limit: bad })).toEqual({
      granted: false,
      reason: 'unknown',
    });
  expect(await grant(world, ledger, 1)).toMatchObject([{ granted: true }]);
  expect(lines).toEqual(['error capacity-unreadable']);
});

const limit = { target: 'chat', slots: 64, copies: 1 };

function aWorld() {
  const world = new CapacityWorld('blocks');
  const books = new WorldBooks();
  const open = (name: string): CapacityLedger => {
    const store = books.storeOf(world, name);
    const log = { write: () => undefined };
    return createBlockCapacityLedger({ store, clock: world.clock(0), log, holder: name });
  };
  return { world, books, open };
}

const demand = (leaseId: string, world: CapacityWorld) => ({
  ...{ limit, leaseId, kvTokens: 0, slotsReserved: 0, at: world.now },
});

async function grant(world: CapacityWorld, ledger: CapacityLedger, count: number) {
  const answers = [];
  for (let index = 0; index < count; index += 1) {
    const answer = ledger.acquire(demand(`one-${index}`, world));
    await world.run(500);
    answers.push(await answer);
  }
  return answers;
}
