import { describe, expect, it } from 'vitest';
import { type ChatAnswer, emptyAnswer } from '#core/chat/fold-events.ts';
import { bedrockMembers, converseAnswer } from '#core/wire/bedrock/converse-answer.ts';

const answer: ChatAnswer = {
  blocks: [
    { index: 0, kind: 'reasoning', text: 'hm', signature: 's' },
    { index: 1, kind: 'reasoning-redacted', dataBase64: 'AAAA' },
    { index: 2, kind: 'text', text: 'Look.' },
    { index: 3, kind: 'text', text: 'Cited.', citations: [{ title: 't' }] },
    { index: 4, kind: 'tool-use', toolUseId: 'c1', name: 'look', inputJson: '{"a":1}' },
    { index: 5, kind: 'tool-use', toolUseId: 'c2', name: 'look', inputJson: '' },
    { index: 6, kind: 'tool-use', toolUseId: 'c3', name: 'look', inputJson: '{"a":' },
  ],
  stopReason: 'tool_use',
  usage: { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 5 },
  additionalModelResponseFields: { stop_sequence: 'x' },
  bedrock: { serviceTier: 'flex' },
};

describe('a whole answer', () => {
  it('has its blocks in order, its stop reason, usage and what was asked for', () => {
    expect(converseAnswer(answer, 12)).toEqual({
      output: {
        message: {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
            { reasoningContent: { redactedContent: 'AAAA' } },
            { text: 'Look.' },
            { citationsContent: { content: [{ text: 'Cited.' }], citations: [{ title: 't' }] } },
            { toolUse: { toolUseId: 'c1', name: 'look', input: { a: 1 } } },
            { toolUse: { toolUseId: 'c2', name: 'look', input: {} } },
            { toolUse: { toolUseId: 'c3', name: 'look', input: '{"a":' } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 3, outputTokens: 4, totalTokens: 12, cacheReadInputTokens: 5 },
      metrics: { latencyMs: 12 },
      additionalModelResponseFields: { stop_sequence: 'x' },
      serviceTier: { type: 'flex' },
    });
  });

  it('invents no usage and no stop reason', () => {
    const wire = JSON.parse(JSON.stringify(converseAnswer(emptyAnswer, 1)));
    expect(wire).toEqual({
      output: { message: { role: 'assistant', content: [] } },
      metrics: { latencyMs: 1 },
    });
  });
});

it("tells what Bedrock told, under Bedrock's names", () => {
  expect(bedrockMembers()).toEqual({});
  expect(bedrockMembers({ trace: { guardrail: {} }, performanceLatency: 'optimized' })).toEqual({
    trace: { guardrail: {} },
    performanceConfig: { latency: 'optimized' },
  });
});
