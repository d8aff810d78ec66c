import { describe, expect, it } from 'vitest';
import { createModelServices } from '#local/services/models.ts';
import { directCall } from '../direct-call.ts';

const [, runtime] = createModelServices({ timeScale: 0 }).services;
const modelId = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
/** The model stands behind profiles only. */
const profile = `us.${modelId}`;
const hidden =
  'ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB';

const user = (...content: unknown[]) => ({ role: 'user', content });
const messages = [user({ text: 'Why is the sky blue?' })];
const thinking = { type: 'enabled', budget_tokens: 1024 };
const thinkingOnly = { additionalModelRequestFields: { thinking } };
const tools = { tools: [{ toolSpec: { name: 'look', inputSchema: { json: { type: 'object' } } } }] };
const call = (request: Record<string, unknown>, operation = 'Converse') =>
  directCall(runtime, operation, { modelId: profile, messages, ...request });

const refused: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['an unknown manner', { additionalModelRequestFields: { thinking: { type: 'some' } } }, 'thinking.type'],
  [
    'a small budget',
    { additionalModelRequestFields: { thinking: { ...thinking, budget_tokens: 1023 } } },
    'greater than or equal to 1024',
  ],
  [
    'a budget that fills the answer',
    { ...thinkingOnly, inferenceConfig: { maxTokens: 1024 } },
    '`max_tokens`',
  ],
  ['a temperature', { ...thinkingOnly, inferenceConfig: { temperature: 0.5 } }, '`temperature`'],
  ['a low topP', { ...thinkingOnly, inferenceConfig: { topP: 0.9 } }, '`top_p`'],
  ['top_k', { additionalModelRequestFields: { thinking, top_k: 5 } }, '`top_k`'],
  [
    'a forced tool',
    { ...thinkingOnly, toolConfig: { ...tools, toolChoice: { any: {} } } },
    'forces tool use',
  ],
  [
    'two choices of a tool',
    {
      toolConfig: { ...tools, toolChoice: { auto: {} } },
      additionalModelRequestFields: { tool_choice: { type: 'auto' } },
    },
    'conflicts with toolConfig.toolChoice',
  ],
  [
    'a call given back without its thought',
    {
      ...thinkingOnly,
      toolConfig: tools,
      messages: [
        ...messages,
        { role: 'assistant', content: [{ toolUse: { toolUseId: '1', name: 'look', input: {} } }] },
        user({ toolResult: { toolUseId: '1', content: [{ text: 'blue' }] } }),
      ],
    },
    'must start with a thinking block',
  ],
  [
    'a thought that is not its own',
    {
      messages: [
        ...messages,
        {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'x', signature: 'forged' } } },
            { text: 'y' },
          ],
        },
        user({ text: 'and?' }),
      ],
    },
    'Invalid `signature`',
  ],
];

describe('thinking', () => {
  it.each(refused)('refuses %s', async (_name, request, message) => {
    await expect(call(request)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  it('comes first, signed, is counted, and is taken back', async () => {
    const answer = await call(thinkingOnly);
    const [thought, text] = answer.output.message.content;
    expect(thought.reasoningContent.reasoningText.text).toContain('Why is the sky blue?');
    expect(text.text).toContain('Claude');
    const without = await call({});
    expect(answer.usage.outputTokens).toBeGreaterThan(without.usage.outputTokens);
    const next = [...messages, answer.output.message, user({ text: 'And at night?' })];
    expect((await call({ ...thinkingOnly, messages: next })).stopReason).toBe('end_turn');
  });

  it('is streamed as text and signature, and hidden on request', async () => {
    const { stream } = await call(thinkingOnly, 'ConverseStream');
    const deltas = [];
    for await (const event of stream) deltas.push(event);
    const plain = (await call(thinkingOnly)).output.message.content[0].reasoningContent.reasoningText;
    const parts = deltas.flatMap((event) => event.contentBlockDelta?.delta.reasoningContent ?? []);
    expect(parts.map((part) => part.text ?? '').join('')).toBe(plain.text);
    expect(parts.at(-1)).toEqual({ signature: plain.signature });
    const stops = deltas.flatMap((event) => event.contentBlockStop?.contentBlockIndex ?? []);
    expect(stops).toEqual([0, 1]);

    const secret = { ...thinkingOnly, messages: [user({ text: hidden })] };
    const [block] = (await call(secret)).output.message.content;
    const { stream: hiddenStream } = await call(secret, 'ConverseStream');
    const shown = [];
    for await (const event of hiddenStream) shown.push(event);
    expect(shown[1].contentBlockDelta.delta).toEqual(block);
    expect(shown[2]).toEqual({ contentBlockStop: { contentBlockIndex: 0 } });
  });
});
