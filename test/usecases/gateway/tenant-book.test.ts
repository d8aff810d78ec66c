import { expect, it } from 'vitest';
import { noChains, withChain, withModel } from '#core/chain/chain-counts.ts';
import { nothingLearned } from '#core/learned/learned.ts';
import { noLengths, quantileOf } from '#core/tokens/output-quantiles.ts';
import { TenantBook } from '#usecases/gateway/tenant-book.ts';

const beginning = 'embed /v1/embeddings';
const stored = { ...nothingLearned, chains: new Map([[beginning, { chains: 10, byModel: new Map() }]]) };
const chainsIn = (book: TenantBook) => book.view.chains.get(beginning)?.chains;

it('shows what stands in the table and what it did not tell yet, each once, whenever it is read and told', () => {
  const book = new TenantBook(true);
  book.countChain(beginning, withChain);
  expect(book.hasNews()).toBe(true);
  expect(book.takeNews().chains.get(beginning)?.chains).toBe(1);
  book.countChain(beginning, withChain);
  book.learn(stored);
  expect(chainsIn(book)).toBe(12);
  // The telling failed: it is tried again with what came since.
  expect(book.takeNews().chains.get(beginning)?.chains).toBe(2);
  book.countChain(beginning, withChain);
  book.told({ ...nothingLearned, chains: new Map([[beginning, { chains: 12, byModel: new Map() }]]) });
  expect(chainsIn(book)).toBe(13);
  expect(book.takeNews().chains.get(beginning)?.chains).toBe(1);
  book.told(stored);
  expect([book.hasNews(), chainsIn(book)]).toEqual([false, 10]);
});

it('keeps nothing to tell where there is nobody to tell', () => {
  const book = new TenantBook(false);
  book.countChain(beginning, (before) => withModel(before, 'chat'));
  for (let answer = 0; answer < 20; answer += 1) book.countAnswer('chat /v1', 70);
  expect([book.hasNews(), book.view.chains.get(beginning)]).toEqual([false, withModel(noChains, 'chat')]);
  expect(quantileOf(book.view.lengths.get('chat /v1') ?? noLengths, 0.9)).toBeLessThan(90);
});
