import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noUsage, sumOfUsage, usageOfLine } from '#core/batch/line-usage.ts';
import { answeredLine, unansweredLine } from '#core/batch/result-line.ts';

const name = { batch: 'batch_1', number: 1, customId: 'a' };
const lineOf = (body: unknown): string =>
  answeredLine(0, name, { status: 200, requestId: 'r', body: JSON.stringify(body) }).json;

describe('what a line took', () => {
  it('is what a chat’s answer says, with the parts of it', () => {
    const usage = {
      ...{ prompt_tokens: 40, completion_tokens: 12, total_tokens: 52 },
      prompt_tokens_details: { cached_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 5 },
    };
    expect(
      usageOfLine(lineOf({ choices: [{ message: { content: '"usage":{"prompt_tokens":1}' } }], usage })),
    ).toEqual({
      inputTokens: 40,
      cachedInputTokens: 8,
      outputTokens: 12,
      reasoningTokens: 5,
    });
  });

  it('is what vectors took, which have no output', () => {
    expect(usageOfLine(lineOf({ data: [], usage: { prompt_tokens: 7, total_tokens: 7 } }))).toEqual({
      ...noUsage,
      inputTokens: 7,
    });
  });

  it('is nothing where nobody says, or no count is said', () => {
    expect(usageOfLine(unansweredLine(0, name, 'expired').json)).toEqual(noUsage);
    expect(usageOfLine('{"response":{"body":no JSON')).toEqual(noUsage);
    expect(usageOfLine(lineOf({ usage: { prompt_tokens: -1, completion_tokens: '12' } }))).toEqual(noUsage);
    fc.assert(fc.property(fc.jsonValue(), (usage) => void usageOfLine(lineOf({ usage }))));
  });

  it('adds up', () => {
    const one = { inputTokens: 1, cachedInputTokens: 2, outputTokens: 3, reasoningTokens: 4 };
    expect(sumOfUsage([one, one, noUsage])).toEqual({
      ...{ inputTokens: 2, cachedInputTokens: 4, outputTokens: 6, reasoningTokens: 8 },
    });
  });
});
