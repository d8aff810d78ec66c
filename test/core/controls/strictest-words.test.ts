import { expect, it } from 'vitest';
import { strictestWords } from '#core/controls/strictest-words.ts';

const word = (region: string, until: string) => ({ region, subject: 'a', until });
const strictest = (...copies: (readonly ReturnType<typeof word>[])[]) =>
  strictestWords(copies, ({ subject }) => subject);

it('of two copies of a region’s word the one that ends last stands, whichever says it', () => {
  const early = word('us-east-1', '2026-11-22T08:00:00.000Z');
  const late = word('us-east-1', '2026-11-22T09:00:00Z');
  expect(strictest([early], [late])).toEqual([late]);
  expect(strictest([late], [early])).toEqual([late]);
  expect(strictest([early], [early])).toEqual([early]);
});

it('an end that cannot be read has not come', () => {
  const odd = word('us-east-1', 'soon');
  expect(strictest([odd], [word('us-east-1', '2099-01-01T00:00:00Z')])).toEqual([odd]);
});

it('words of other regions stand beside it', () => {
  const here = word('us-east-1', '2026-11-22T08:00:00Z');
  const there = word('us-west-2', '2026-11-22T08:00:00Z');
  expect(strictest([here], [there])).toEqual([here, there]);
});
