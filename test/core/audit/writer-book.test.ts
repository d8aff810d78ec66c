import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWriterBook } from '#core/audit/writer-book.ts';
import { aHandedRecord } from '#test/builders/a-chain.ts';

describe('the book of writers', () => {
  const handed = (number: number) => ({ ...aHandedRecord(number), writer: 'one', number });

  it('knows which numbers did not come, in whatever order the others did', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, fc.boolean(), (came, fromStart) => {
        const book = createWriterBook({ fromStart });
        for (const number of came) expect(book.add(handed(number))).toBe(true);
        for (const number of came) expect(book.add(handed(number))).toBe(false);
        const missing = book
          .missing()
          .flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
        const low = fromStart ? 1 : Math.min(...came);
        const all = Array.from({ length: Math.max(...came) - low + 1 }, (_, index) => low + index);
        expect(missing).toEqual(all.filter((number) => !came.includes(number)));
      }),
    );
  });

  it('says before which decision a number is missing, by writer', () => {
    const book = createWriterBook({ fromStart: true });
    for (const number of [1, 4, 5]) book.add(handed(number));
    book.add({ ...handed(2), writer: 'two' });
    expect(book.missing()).toEqual([
      { writer: 'one', from: 2, to: 3, before: handed(4).record.at },
      { writer: 'two', from: 1, to: 1, before: handed(2).record.at },
    ]);
    expect(book.writers()).toBe(2);
  });
});
