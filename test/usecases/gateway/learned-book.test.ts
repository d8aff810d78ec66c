import { describe, expect, it } from 'vitest';
import { createMemoryLearnedStore } from '#adapters/memory/memory-learned-store.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { gatewayStart } from '#test/builders/a-gateway.ts';
import { aLearnedBook } from '#test/builders/a-learned-book.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';

const kind = { tenant: 'shop', model: 'chat', route: '/v1/chat/completions' };
const beginning = 'embed /v1/embeddings';

describe('how long answers are expected to be', () => {
  it('is learned of tenant, model and route apart', () => {
    const book = aLearnedBook();
    for (let answer = 0; answer < 50; answer += 1)
      book.answered(kind, { outputTokens: 100, maxTokens: 4_096 });
    expect(book.expectedOutput(kind, 4_096)).toBeLessThan(120);
    for (const other of [{ tenant: 'bank' }, { model: 'large' }, { route: '/v1/messages' }])
      expect(book.expectedOutput({ ...kind, ...other }, 4_096)).toBe(1_024);
  });

  it('is not learned of an answer that is longer than it was allowed to be', () => {
    const book = aLearnedBook();
    for (let answer = 0; answer < 50; answer += 1)
      book.answered(kind, { outputTokens: 9_999, maxTokens: 4_096 });
    expect(book.expectedOutput(kind, 100_000)).toBe(1_024);
  });

  it('is not learned of answers that were cut shorter than one is expected to be', () => {
    const book = aLearnedBook();
    for (let answer = 0; answer < 500; answer += 1) {
      const isCut = answer % 10 !== 0;
      book.answered(
        kind,
        isCut ? { outputTokens: 1, maxTokens: 1 } : { outputTokens: 700, maxTokens: 4_096 },
      );
    }
    expect(book.expectedOutput(kind, 4_096)).toBeGreaterThanOrEqual(700);
    const cutOnly = aLearnedBook();
    for (let answer = 0; answer < 50; answer += 1)
      cutOnly.answered(kind, { outputTokens: 100, maxTokens: 100 });
    expect([cutOnly.expectedOutput(kind, 100), cutOnly.expectedOutput(kind, 4_096)]).toEqual([100, 1_024]);
  });

  it('is at least what most were cut at, also beside some that are short', () => {
    const book = aLearnedBook();
    for (let answer = 0; answer < 1_000; answer += 1) {
      const isCut = answer % 5 !== 0;
      book.answered(kind, { outputTokens: isCut ? 2_000 : 50, maxTokens: 2_000 });
      if (answer >= 20) expect(book.expectedOutput(kind, 4_096)).toBeGreaterThanOrEqual(2_000);
    }
  });

  it('is kept of so many tenants, and so many kinds of each: what comes after them is as one never seen', () => {
    const book = aLearnedBook();
    const learn = (of: typeof kind) => {
      for (let answer = 0; answer < 20; answer += 1) book.answered(of, { outputTokens: 10, maxTokens: 99 });
    };
    learn(kind);
    for (let route = 1; route <= 32; route += 1) learn({ ...kind, route: `/v${route}` });
    expect(book.expectedOutput(kind, 4_096)).toBe(1_024);
    expect(book.expectedOutput({ ...kind, route: '/v1' }, 4_096)).toBeLessThan(20);
    for (let tenant = 1; tenant <= 1_000; tenant += 1) learn({ ...kind, tenant: `t${tenant}` });
    expect(book.expectedOutput({ ...kind, route: '/v1' }, 4_096)).toBe(1_024);
  });

  it('comes to what one process with all answers knows, over twenty that see a few each', async () => {
    const learned = createMemoryLearnedStore();
    const clock = createVirtualClock(gatewayStart, { leap: false });
    const random = createSeededRandom(3);
    const alone = aLearnedBook();
    const open = (seed: number) => aLearnedBook({ learned, clock, random: createSeededRandom(seed) });
    const all = Array.from({ length: 20 }, (_, seed) => open(seed));
    for (let round = 0; round < 15; round += 1) {
      for (const book of all) {
        const outputTokens = Math.ceil(2 ** (3 + random.next() * 7));
        for (const each of [book, alone]) each.answered(kind, { outputTokens, maxTokens: 4_096 });
        book.share('shop');
        await book.settled();
      }
      clock.advance(20_000);
    }
    clock.advance(80_000);
    for (const book of all) {
      book.share('shop');
      await book.settled();
    }
    const newcomer = open(99);
    await newcomer.foretold('shop', beginning);
    expect(newcomer.expectedOutput(kind, 4_096)).toBe(alone.expectedOutput(kind, 4_096));
    expect(alone.expectedOutput(kind, 4_096)).toBeGreaterThan(400);
    expect(newcomer.expectedOutput({ ...kind, tenant: 'bank' }, 4_096)).toBe(1_024);
  });
});

describe('what chains need', () => {
  it('is foretold of a tenant’s own chains that began alike', () => {
    const book = aLearnedBook();
    for (let chain = 0; chain < 3; chain += 1) {
      book.chainBegan('shop', beginning);
      book.chainCalled('shop', beginning, 'chat');
    }
    expect(book.chainsOf('shop')).toBe(3);
    expect(book.foretold('shop', beginning)).toEqual(['chat']);
    expect([book.foretold('shop', 'chat /v1'), book.foretold('bank', beginning)]).toEqual([[], []]);
  });

  it('is noted nowhere where there are no others', () => {
    const call = {
      ...{ tenant: 'shop', traceId: 'a', model: 'chat', route: '/v1' },
      ...{ needsModel: true, isCold: false, at: gatewayStart },
    };
    expect(aLearnedBook().note(call)).toBeUndefined();
  });
});
