import { describe, expect, it } from 'vitest';
import { createOutputLengthBook } from '#usecases/gateway/output-lengths.ts';

const kind = { tenant: 'shop', model: 'chat', route: '/v1/chat/completions' };

describe('the book of output lengths', () => {
  it('learns tenant, model and route apart', () => {
    const book = createOutputLengthBook();
    for (let answer = 0; answer < 50; answer += 1) book.ended(kind, { outputTokens: 100, maxTokens: 4_096 });
    expect(book.expected(kind, 4_096)).toBeLessThan(120);
    for (const other of [{ tenant: 'bank' }, { model: 'large' }, { route: '/v1/messages' }])
      expect(book.expected({ ...kind, ...other }, 4_096)).toBe(1_024);
  });

  it('believes no answer that is longer than it was allowed to be', () => {
    const book = createOutputLengthBook();
    for (let answer = 0; answer < 50; answer += 1)
      book.ended(kind, { outputTokens: 9_999, maxTokens: 4_096 });
    expect(book.expected(kind, 100_000)).toBe(1_024);
  });

  it('keeps so many kinds and no more: who comes after them is as one never seen', () => {
    const book = createOutputLengthBook();
    const of = (tenant: number) => ({ ...kind, tenant: `t${tenant}` });
    for (let answer = 0; answer < 50; answer += 1) book.ended(of(0), { outputTokens: 10, maxTokens: 99 });
    for (let tenant = 1; tenant <= 4_096; tenant += 1)
      book.ended(of(tenant), { outputTokens: 10, maxTokens: 99 });
    expect(book.expected(of(0), 4_096)).toBe(1_024);
  });
});
