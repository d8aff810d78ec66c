import { expect, it } from 'vitest';
import { fitToModel } from '#adapters/aws/fit-to-model.ts';
import { chatRequest } from '#test/builders/model-call.ts';

const point = { cachePoint: {} } as const;
const request = chatRequest({
  system: [{ text: 'a' }, point],
  messages: [
    { role: 'user', content: [{ text: 'b' }, point] },
    {
      role: 'assistant',
      content: [
        { reasoning: { text: 'signed', signature: 's' } },
        { reasoning: { text: 'unsigned' } },
        { reasoning: { redactedBase64: 'AAAA' } },
        { text: 'c' },
      ],
    },
  ],
  tools: {
    specifications: [{ name: 'look', inputSchema: {}, cachePoint: { ttl: '1h' } }],
    choice: { kind: 'auto' },
  },
  tellsStopSequence: true,
});
const textOf = (fitted: typeof request) => JSON.stringify(fitted);

it.each(['anthropic.claude-x', 'amazon.nova-lite-v1:0'])('keeps cache points for %s', (modelId) => {
  expect(textOf(fitToModel(request, modelId)).match(/cachePoint/g)).toHaveLength(3);
});

it('leaves cache points out for models that keep nothing', () => {
  const fitted = fitToModel(request, 'meta.llama-x');
  expect(textOf(fitted)).not.toContain('cachePoint');
  expect(fitted.system).toEqual([{ text: 'a' }]);
  expect(fitted.tools?.specifications).toEqual([{ name: 'look', inputSchema: {} }]);
  expect(fitToModel(chatRequest(), 'meta.llama-x').tools).toBeUndefined();
});

it('asks only Anthropic’s models which sequence ended an answer', () => {
  expect(fitToModel(request, 'anthropic.claude-x').tellsStopSequence).toBe(true);
  expect(fitToModel(request, 'amazon.nova-lite-v1:0').tellsStopSequence).toBe(false);
});

it('gives Anthropic’s models no thought that none of them signed', () => {
  expect(fitToModel(request, 'anthropic.claude-x').messages[1]?.content).toEqual([
    { reasoning: { text: 'signed', signature: 's' } },
    { reasoning: { redactedBase64: 'AAAA' } },
    { text: 'c' },
  ]);
  expect(fitToModel(request, 'meta.llama-x').messages[1]?.content).toHaveLength(4);
});
