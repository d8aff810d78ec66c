import { describe, expect, it } from 'vitest';
import { anthropicCountTokens } from '#usecases/gateway/dialects/anthropic-count-tokens.ts';

const body = { model: 'chat-large', messages: [{ role: 'user', content: 'hello' }] };
const read = (changes: object = {}, headers = new Headers()) => {
  const call = anthropicCountTokens.read({ ...body, ...changes }, {}, headers);
  return call.ok ? call.work : call.violations.map(({ path }) => path);
};

describe('Anthropic’s count', () => {
  it('is of the messages, without a bound on an answer that nobody asks for', () => {
    const work = read({ system: 'be brief', tools: [{ name: 'x', input_schema: { type: 'object' } }] });
    expect(work).toMatchObject({
      kind: 'count-tokens',
      request: { inference: {}, system: [{ text: 'be brief' }] },
    });
    if (!('writer' in work) || work.kind !== 'count-tokens') throw new Error('no count');
    const identity = { requestId: 'r1', model: 'chat-large', createdSeconds: 1, elapsedMs: () => 1 };
    expect(work.writer.whole(identity, 7)).toEqual({
      body: { input_tokens: 7 },
      headers: { 'request-id': 'r1' },
    });
  });

  it('refuses by name what says how to answer, and previews that nobody knows', () => {
    expect(read({ max_tokens: 5, stream: true })).toEqual(['max_tokens', 'stream']);
    expect(read({}, new Headers({ 'anthropic-beta': 'unheard-of' }))).toEqual(['anthropic-beta']);
    expect(read({ messages: [] }, new Headers({ 'anthropic-version': '1' }))).toEqual([
      'anthropic-version',
      'messages',
    ]);
  });
});
