import { describe, expect, it } from 'vitest';
import type { OpenAiChatBody, OpenAiMessage } from '#core/wire/openai/openai-chat-body.ts';
import { openAiTravelsAsSent } from '#core/wire/openai/travels-as-sent.ts';

const user: OpenAiMessage = { role: 'user', content: 'go' };
const system: OpenAiMessage = { role: 'system', content: 'Be brief.' };
const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } } as const;
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } } as const;
const spelled = { type: 'image_url', image_url: { url: 'data:IMAGE/png;BASE64,iVBO' } } as const;
const marked = { ...image, prompt_cache_breakpoint: { mode: 'explicit' } } as const;
const travels = (messages: readonly OpenAiMessage[], more: Partial<OpenAiChatBody> = {}) =>
  openAiTravelsAsSent({ model: 'chat', messages, ...more });

describe('a chat of OpenAI’s', () => {
  it('travels as it was sent where every engine understands it', () => {
    expect(travels([system, user])).toBe(true);
    expect(travels([user, { role: 'assistant', content: null, tool_calls: [call, call] }])).toBe(true);
    const results = ['a', 'b'].map(
      (tool_call_id) => ({ role: 'tool', content: 'ok', tool_call_id }) as const,
    );
    expect(travels([user, { role: 'assistant', tool_calls: [call] }, ...results, user])).toBe(true);
    expect(travels([{ role: 'user', content: [{ type: 'text', text: 'look' }, image] }])).toBe(true);
  });

  it.each([
    ['a developer message', [{ role: 'developer', content: 'x' }, user]],
    ['a system message amid the turns', [user, system]],
    ['two system messages', [system, system, user]],
    ['two turns of one role', [user, user]],
    ['nothing but texts in a list', [{ role: 'user', content: [{ type: 'text', text: 'go' }] }]],
    ['another spelling of a type', [{ role: 'user', content: [spelled] }]],
    ['a mark to keep the prompt', [{ role: 'user', content: [marked] }]],
    ['an empty text', [user, { role: 'assistant', content: '', tool_calls: [call] }]],
  ] as const)('does not with %s', (_, messages) => {
    expect(travels(messages as readonly OpenAiMessage[])).toBe(false);
  });

  it('does not with what OpenAI has added to the choice of tools, nor with tools that are none', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }] as const;
    const allowed = { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] } as const;
    expect(travels([user], { tools, tool_choice: 'required' })).toBe(true);
    expect(travels([user], { tools, tool_choice: { type: 'allowed_tools', allowed_tools: allowed } })).toBe(
      false,
    );
    expect(travels([user], { tools: [] })).toBe(false);
    expect(travels([user], { tool_choice: 'auto' })).toBe(false);
    expect(travels([user], { tools, tool_choice: 'none' })).toBe(false);
    expect(travels([user], { tools: null, tool_choice: null })).toBe(true);
  });
});

it('is written anew with a refusal of an earlier turn, which other engines do not know', () => {
  const user = { role: 'user', content: 'hi' } as const;
  const refused = { role: 'assistant', content: 'no', refusal: 'no' } as const;
  const part = { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] } as const;
  const travels = (turn: OpenAiMessage) => openAiTravelsAsSent({ model: 'm', messages: [user, turn, user] });
  expect([refused, part].map(travels)).toEqual([false, false]);
  expect(travels({ ...refused, refusal: null })).toBe(true);
});
