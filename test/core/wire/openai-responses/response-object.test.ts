import { expect, it } from 'vitest';
import { responseEcho, wholeResponse } from '#core/wire/openai-responses/response-object.ts';

const identity = { requestId: 'r1', model: 'chat-small', createdSeconds: 7 };
const body = { model: 'chat-small', input: 'hello' };

it('says of an answer that was cut short which item is not whole', () => {
  const response = wholeResponse(identity, responseEcho(body), {
    blocks: [
      { index: 0, kind: 'text', text: 'Let me look.' },
      { index: 1, kind: 'tool-use', toolUseId: 'a', name: 'look', inputJson: '{"at' },
    ],
    stopReason: 'max_tokens',
    usage: { inputTokens: 3, outputTokens: 4 },
  });
  expect(response).toMatchObject({
    id: 'resp_r1',
    object: 'response',
    created_at: 7,
    model: 'chat-small',
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    error: null,
    output: [{ status: 'completed' }, { status: 'incomplete' }],
    usage: { total_tokens: 7 },
  });
});

it('repeats the request, and never that anything was kept', () => {
  const told = responseEcho({ ...body, instructions: 'Be brief.', metadata: { a: 'b' }, temperature: 0 });
  expect(told).toMatchObject({
    instructions: 'Be brief.',
    metadata: { a: 'b' },
    temperature: 0,
    store: false,
  });
});

it('calls nothing complete that nobody said was', () => {
  const answer = { blocks: [], stopReason: undefined, usage: undefined };
  expect(wholeResponse(identity, {}, answer)).toMatchObject({ status: 'incomplete', usage: null });
});
