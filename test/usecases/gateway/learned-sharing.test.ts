import { describe, expect, it } from 'vitest';
import { createMemoryLearnedStore } from '#adapters/memory/memory-learned-store.ts';
import { noChains, withChain } from '#core/chain/chain-counts.ts';
import { nothingLearned } from '#core/learned/learned.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { gatewayStart } from '#test/builders/a-gateway.ts';
import { aLearnedBook, type TestLearnedBook } from '#test/builders/a-learned-book.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import type { LearnedStore } from '#usecases/ports/learned-store.ts';

const beginning = 'embed /v1/embeddings';

/** A store that counts what is asked of it, and may be bent. */
function world(bend: (store: LearnedStore) => Partial<LearnedStore> = () => ({})) {
  const clock = createVirtualClock(gatewayStart, { leap: false });
  const memory = createMemoryLearnedStore();
  const asked: string[] = [];
  const bent = { ...memory, ...bend(memory) };
  const learned: LearnedStore = {
    load: (...call) => {
      asked.push('load');
      return bent.load(...call);
    },
    save: (...call) => {
      asked.push('save');
      return bent.save(...call);
    },
    begin: (...call) => {
      asked.push('begin');
      return bent.begin(...call);
    },
    note: (...call) => {
      asked.push('note');
      return bent.note(...call);
    },
  };
  let opened = 0;
  const open = (): TestLearnedBook => aLearnedBook({ learned, clock, random: createSeededRandom(++opened) });
  const sharedBy = async (book: TestLearnedBook, tenant = 'shop'): Promise<readonly string[]> => {
    const from = asked.length;
    book.share(tenant);
    await book.settled();
    return asked.slice(from);
  };
  return { clock, memory, open, sharedBy, asked };
}

const begin = (book: TestLearnedBook, chains = 1) => {
  for (let chain = 0; chain < chains; chain += 1) {
    book.chainBegan('shop', beginning);
    book.chainCalled('shop', beginning, 'chat');
  }
};

const call = {
  ...{ tenant: 'shop', traceId: 'a', model: 'chat', route: '/v1' },
  ...{ needsModel: true, isCold: false, at: gatewayStart },
};

describe('a process that learned', () => {
  it('tells it at once the first time, then once a minute, and nothing where there is no news', async () => {
    const { open, sharedBy, clock } = world();
    const book = open();
    expect(await sharedBy(book)).toEqual([]);
    begin(book);
    expect(await sharedBy(book)).toEqual(['load', 'save']);
    begin(book);
    clock.advance(59_000);
    expect(await sharedBy(book)).toEqual([]);
    clock.advance(16_000);
    expect(await sharedBy(book)).toEqual(['load', 'save']);
    clock.advance(80_000);
    expect(await sharedBy(book)).toEqual([]);
  });

  it('waits with telling for what is still to be counted', async () => {
    const { open, memory } = world();
    const book = open();
    book.share(
      'shop',
      Promise.resolve().then(() => begin(book)),
    );
    await book.settled();
    expect(await memory.load('shop')).toMatchObject({ revision: 1 });
  });

  it('knows what the others told when a chain begins, the first time by a promise, then from what it heard', async () => {
    const { open, sharedBy, clock, asked } = world();
    const [one, other] = [open(), open()];
    begin(one, 3);
    await sharedBy(one);
    const first = other.foretold('shop', beginning);
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toEqual(['chat']);
    expect(other.foretold('shop', beginning)).toEqual(['chat']);
    expect(asked).toEqual(['load', 'save', 'load']);
    begin(one, 3);
    for (let chain = 0; chain < 9; chain += 1) one.chainCalled('shop', beginning, 'write');
    clock.advance(76_000);
    await sharedBy(one);
    // Heard again behind the call, and known to the next one.
    expect(other.foretold('shop', beginning)).toEqual(['chat']);
    await other.settled();
    expect(other.foretold('shop', beginning)).toEqual(['write', 'chat']);
  });

  it('adds its own to what another one told meanwhile', async () => {
    const { open, sharedBy, memory } = world();
    const [one, other] = [open(), open()];
    await Promise.all([one.foretold('shop', beginning), other.foretold('shop', beginning)]);
    begin(one);
    begin(other, 2);
    expect(await sharedBy(one)).toEqual(['save']);
    expect(await sharedBy(other)).toEqual(['save', 'load', 'save']);
    expect(await memory.load('shop')).toMatchObject({
      revision: 2,
      learned: { chains: new Map([[beginning, { chains: 3, byModel: new Map([['chat', 3]]) }]]) },
    });
    expect(other.chainsOf('shop')).toBe(3);
  });

  it('keeps for the next time what it could not tell in three tries', async () => {
    let busy = true;
    const { open, sharedBy, clock, memory } = world((store) => ({
      save: async (...given) => (busy ? false : store.save(...given)),
    }));
    const book = open();
    begin(book, 2);
    expect(await sharedBy(book)).toEqual(['load', 'save', 'load', 'save', 'load', 'save']);
    expect(book.chainsOf('shop')).toBe(2);
    busy = false;
    begin(book);
    clock.advance(76_000);
    await sharedBy(book);
    expect(await memory.load('shop')).toMatchObject({
      learned: { chains: new Map([[beginning, { chains: 3 }]]) },
    });
    expect(book.chainsOf('shop')).toBe(3);
  });
});

describe('a table that is away', () => {
  const away = () => Promise.reject(new Error('the table is away'));

  it('is left alone for half a minute after each failure, which is logged once', async () => {
    const { open, sharedBy, clock, asked } = world(() => ({ load: away, note: away }));
    const book = open();
    begin(book, 3);
    expect(await book.foretold('shop', beginning)).toEqual(['chat']);
    expect(book.foretold('shop', beginning)).toEqual(['chat']);
    expect(await sharedBy(book)).toEqual([]);
    expect(await book.note(call)).toBeUndefined();
    expect(asked).toEqual(['load']);
    clock.advance(30_000);
    expect(await book.note(call)).toBeUndefined();
    expect(asked).toEqual(['load', 'note']);
    clock.advance(30_000);
    expect(await sharedBy(book)).toEqual(['load']);
    expect(book.lines).toEqual(['learning-sharing-failed']);
    expect(book.events).toEqual(['learning-unshared', 'learning-unshared', 'learning-unshared']);
    expect(book.chainsOf('shop')).toBe(3);
  });

  it('is given up where it hangs', async () => {
    const { open, clock } = world(() => ({ note: () => new Promise(() => undefined) }));
    const book = open();
    const noting = book.note(call);
    clock.advance(500);
    expect(await noting).toBeUndefined();
    expect(book.events).toEqual(['learning-unshared']);
  });
});

describe('an item that cannot be read', () => {
  it('is ignored with one line of the log, and written over', async () => {
    let isGarbage = true;
    const saved: unknown[] = [];
    const { open, sharedBy, clock } = world((store) => ({
      load: async (tenant) => (isGarbage ? 'unreadable' : store.load(tenant)),
      save: async (tenant, item, made) => {
        saved.push(made.seen);
        return !isGarbage && store.save(tenant, item, { ...made, seen: undefined });
      },
    }));
    const book = open();
    begin(book);
    await sharedBy(book);
    isGarbage = false;
    clock.advance(76_000);
    await sharedBy(book);
    expect(saved).toEqual(['unreadable', 'unreadable', 'unreadable', undefined]);
    expect(book.lines).toEqual(['learned-item-unreadable']);
    expect(new Set(book.events)).toEqual(new Set(['bad-learned-item']));
  });
});

it('of one tenant says nothing to another, whatever stands in it', async () => {
  const { open, memory } = world();
  const poison = { ...nothingLearned, chains: new Map([[beginning, withChain(noChains)]]) };
  await memory.save('bank', { revision: 1, learned: poison }, { seen: undefined, at: gatewayStart });
  const book = open();
  await Promise.all([book.foretold('bank', beginning), book.foretold('shop', beginning)]);
  expect([book.chainsOf('bank'), book.chainsOf('shop')]).toEqual([1, 0]);
});
