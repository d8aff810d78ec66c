import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatNeeds, inputTokensCeiling } from '#core/chat/chat-needs.ts';
import type { ChatRequest, ReasoningBlock } from '#core/chat/chat-request.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const image = { image: { format: 'png' as const, bytesBase64: 'AAAA' } };
const saying = (text: string) => aChatRequest({ messages: [{ role: 'user', content: [{ text }] }] });

describe('what a chat needs', () => {
  it('is text alone for a text', () => {
    expect(chatNeeds(aChatRequest(), false)).toMatchObject({
      input: ['TEXT'],
      tools: false,
      jsonSchema: false,
      streaming: false,
    });
  });

  it('is images, tools, JSON and a stream where they are asked for', () => {
    const request = aChatRequest({
      messages: [{ role: 'user', content: [image] }],
      tools: { specifications: [{ name: 'look', inputSchema: {} }], choice: { kind: 'auto' } },
      responseFormat: { kind: 'json' },
    });
    expect(chatNeeds(request, true)).toMatchObject({
      input: ['TEXT', 'IMAGE'],
      tools: true,
      jsonSchema: true,
      streaming: true,
    });
  });

  it('is a model that can be told to call nothing, or to make an effort', () => {
    const tools = { specifications: [{ name: 'look', inputSchema: {} }], choice: { kind: 'none' as const } };
    expect(chatNeeds(aChatRequest({ tools }), false)).toMatchObject({ forbidsTools: true, effort: false });
    const json = aChatRequest({ tools, responseFormat: { kind: 'json' } });
    expect(chatNeeds(json, false).forbidsTools).toBe(false);
    expect(chatNeeds(aChatRequest({ bedrock: { effort: 'low' } }), false).effort).toBe(true);
  });

  it('is a model of Anthropic’s where only those understand it', () => {
    const saidBefore = (reasoning: ReasoningBlock['reasoning']) =>
      aChatRequest({ messages: [{ role: 'assistant', content: [{ reasoning }] }] });
    const only = (request: ChatRequest) => chatNeeds(request, false).anthropicOnly;
    expect(only(aChatRequest())).toBe(false);
    expect(only(aChatRequest({ anthropic: { topK: 5 } }))).toBe(true);
    expect(only(saidBefore({ text: 'hm', signature: 's' }))).toBe(true);
    expect(only(saidBefore({ redactedBase64: 'AAAA' }))).toBe(true);
    expect(only(saidBefore({ text: 'hm' }))).toBe(false);
  });

  it('is Bedrock where an answer is to go on with what the assistant began', () => {
    expect(chatNeeds(aChatRequest({ continuesAssistant: true }), false).bedrockOnly).toBe(true);
  });

  it('counts earlier tool results as tools', () => {
    const content = [{ toolResult: { toolUseId: 'call-1', content: [{ text: '12 degrees' }] } }];
    expect(chatNeeds(aChatRequest({ messages: [{ role: 'user', content }] }), false).tools).toBe(true);
  });

  it('has a token floor under every usual tokenizer and a ceiling over it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const floor = chatNeeds(saying(text), false).inputTokensMin ?? 0;
        expect(floor).toBeLessThanOrEqual(Math.ceil(text.length / 4));
        expect(inputTokensCeiling(saying(text))).toBeGreaterThanOrEqual(
          new TextEncoder().encode(text).length,
        );
      }),
    );
  });

  it('sees that a very long prompt is very long', () => {
    expect(chatNeeds(saying('word '.repeat(400_000)), false).inputTokensMin).toBe(250_000);
  });
});

describe("Bedrock's own options", () => {
  const needsWith = (bedrock: ChatRequest['bedrock']) => chatNeeds(aChatRequest({ bedrock }), false);

  it('bind a request to Bedrock, labels aside', () => {
    expect(needsWith({ effort: 'high' }).bedrockOnly).toBe(true);
    expect(needsWith({ requestMetadata: { team: 'north' } }).bedrockOnly).toBe(false);
    expect(needsWith(undefined)).toMatchObject({
      bedrockOnly: false,
      guardrail: false,
      pricedOtherwise: false,
    });
  });

  it('tell a guardrail, and prices that nobody knows', () => {
    expect(needsWith({ guardrail: { identifier: 'g', version: '1' } }).guardrail).toBe(true);
    expect(
      ['priority', 'reserved', 'flex', 'default'].map(
        (tier) => needsWith({ serviceTier: tier }).pricedOtherwise,
      ),
    ).toEqual([true, true, false, false]);
    expect(needsWith({ performanceLatency: 'optimized' }).pricedOtherwise).toBe(true);
    expect(needsWith({ performanceLatency: 'standard' }).pricedOtherwise).toBe(false);
  });

  it('count for money, and so do parts that only Bedrock has, wherever they stand', () => {
    const long = 'x'.repeat(50_000);
    const part = { bedrock: { member: { video: long }, modality: 'VIDEO' as const } };
    const inResult = { toolResult: { toolUseId: 'c', content: [part] } };
    const guarded = { bedrock: { member: { guardContent: {} }, modality: 'IMAGE' as const } };
    const requests = [
      aChatRequest({ bedrock: { additionalModelRequestFields: { long } } }),
      aChatRequest({ messages: [{ role: 'user', content: [part] }] }),
      aChatRequest({ messages: [{ role: 'user', content: [inResult] }] }),
      aChatRequest({ system: [{ bedrock: { member: { guardContent: { text: long } } } }] }),
    ];
    for (const request of requests) expect(inputTokensCeiling(request)).toBeGreaterThan(50_000);
    const shown = aChatRequest({ messages: [{ role: 'user', content: [guarded, inResult] }] });
    expect(new Set(chatNeeds(shown, false).input)).toEqual(new Set(['TEXT', 'IMAGE', 'VIDEO']));
    expect(chatNeeds(shown, false).bedrockOnly).toBe(true);
    expect(inputTokensCeiling(shown)).toBeGreaterThan(58_000);
  });
});
