import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingShared } from '#core/health/shared-health.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { createHealthBook, type HealthBook, type HealthNews } from '#usecases/gateway/health-book.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const start = 1_000_000;
const plain = { severity: 'plain', countsAgainstRegion: false } as const;

const fail = (book: HealthBook, origin: string, ms: number) =>
  book.failed(east, plain, { at: start + ms, origin, model: 'chat' });
const answer = (book: HealthBook, origin: string, ms: number) =>
  book.answered(east, { at: start + ms, firstContentMs: 50, peers: [east, west], origin });

describe('requests of one origin that fail alone', () => {
  const poisoned = () => {
    const book = createHealthBook();
    answer(book, 'other', 0);
    for (let ms = 1; ms <= 5; ms += 1) fail(book, 'poison', ms);
    return book;
  };

  it('leave the target to the others, and are kept from it themselves', () => {
    const book = poisoned();
    expect(book.of(east.id).kind).toBe('healthy');
    expect(book.blamed.get(east.id)?.get('poison')?.kind).toBe('ejected');
    expect(book.blamed.get(east.id)?.has('other')).toBe(false);
  });

  it('are let back by a good answer once their time is over, and kept out by another failure', () => {
    const book = poisoned();
    fail(book, 'poison', 6000);
    expect(book.blamed.get(east.id)?.get('poison')).toMatchObject({ kind: 'ejected', ejections: 2 });
    answer(book, 'poison', 17_000);
    expect(book.blamed.get(east.id)?.get('poison')?.kind).toBe('returning');
  });

  it('say nothing of their own once the target is out for all', () => {
    const book = poisoned();
    fail(book, 'other', 6);
    fail(book, 'third', 7);
    expect([book.of(east.id).kind, book.blamed.size]).toEqual(['ejected', 0]);
  });
});

it('believes what others told, and forgets whom it blamed', () => {
  const book = createHealthBook();
  fail(book, 'a', 0);
  expect(book.blamed.size).toBe(1);
  const standing = { episode: 1, phase: 'ejected', at: start, until: start + 5000, ejections: 1, by: 'p2' };
  const view = { ...nothingShared, standing: { ...standing, phase: 'ejected' as const } };
  book.believe(east.id, view, { self: 'p1', at: start });
  expect([book.of(east.id).kind, book.blamed.size]).toEqual(['ejected', 0]);
  book.begin(east, start + 5000);
  expect(book.of(east.id).kind).toBe('half-open');
  book.abandoned(east, start + 5001);
  expect(book.of(east.id)).toMatchObject({ kind: 'ejected', until: start + 5001 });
});

it('tells of every step, with the model whose call it was', () => {
  const news: HealthNews[] = [];
  const book = createHealthBook((each) => news.push(each));
  book.failed(east, { ...plain, countsAgainstRegion: true }, { at: start, model: 'chat' });
  book.gaveUp(east, 5, { at: start + 1, model: 'chat' });
  book.answered(east, { at: start + 2, firstContentMs: 5, peers: [], model: 'chat' });
  expect(news.map(({ key, event, model }) => `${key.split('/')[0]} ${event.kind} ${model}`)).toEqual([
    '111111111111 failed chat',
    'region:111111111111 failed chat',
    '111111111111 gave-up chat',
    '111111111111 answered chat',
    'region:111111111111 answered chat',
  ]);
});

it('takes the usual time of a target from the other targets of its model', () => {
  const book = createHealthBook();
  book.answered(west, { at: start, firstContentMs: 100, peers: [east, west] });
  for (let ms = 1; ms <= 2; ms += 1)
    book.answered(east, { at: start + ms, firstContentMs: 2100, peers: [east, west] });
  expect(book.of(east.id).kind).toBe('ejected');
});

describe('a target that fails between good answers', () => {
  const targets = [east, west, aTarget({ region: 'us-east-2' })];
  /** Within two seconds, so that four failures in a row say nothing yet. */
  const call = (book: HealthBook, target: (typeof targets)[number], ms: number, isGood: boolean) =>
    isGood
      ? book.answered(target, { at: start + ms, firstContentMs: 50, peers: targets })
      : book.failed(target, plain, { at: start + ms, peers: targets });
  const pattern = (failing: number) => (index: number) => (index * 7) % 20 >= failing;

  it('is ejected beside peers that do not, and kept where they fail alike', () => {
    const [beside, alike] = [createHealthBook(), createHealthBook()];
    for (let index = 0; index < 20; index += 1) {
      for (const [order, target] of targets.entries()) {
        const ms = index * 10 + order;
        call(beside, target, ms, target !== east || pattern(14)(index));
        call(alike, target, ms, pattern(14)(index + order));
      }
    }
    expect(targets.map(({ id }) => beside.of(id).kind)).toEqual(['ejected', 'healthy', 'healthy']);
    expect(beside.of(east.id)).toMatchObject({ because: 'rate' });
    expect(targets.map(({ id }) => alike.of(id).kind)).toEqual(['healthy', 'healthy', 'healthy']);
  });

  it('is never the last that is left, whatever fails', () => {
    const calls = fc.record({
      failingQuarters: fc.array(fc.nat({ max: 4 }), { minLength: 3, maxLength: 3 }),
      outcomes: fc.array(fc.record({ target: fc.nat({ max: 2 }), quarter: fc.nat({ max: 3 }) }), {
        minLength: 60,
        maxLength: 200,
      }),
    });
    let most = 0;
    fc.assert(
      fc.property(calls, ({ failingQuarters, outcomes }) => {
        const book = createHealthBook();
        for (const [ms, { target, quarter }] of outcomes.entries()) {
          const asked = targets[target] ?? east;
          const health = book.of(asked.id);
          const isFifth = health.kind === 'healthy' && health.row.length === 4;
          call(book, asked, ms, isFifth || quarter >= (failingQuarters[target] ?? 0));
          const outByRate = targets.filter(({ id }) => {
            const each = book.of(id);
            return each.kind === 'ejected' && each.because === 'rate';
          });
          most = Math.max(most, outByRate.length);
          expect(outByRate.length).toBeLessThan(targets.length);
        }
      }),
    );
    expect(most).toBeGreaterThan(0);
  });
});
