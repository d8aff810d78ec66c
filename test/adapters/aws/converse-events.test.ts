import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '#adapters/aws/answer-reader.ts';
import {
  eventsOfConverseAnswer,
  eventsOfConverseFrame,
  readPlainTextDelta,
} from '#adapters/aws/converse-events.ts';

const usage = {
  inputTokens: 7,
  outputTokens: 2,
  totalTokens: 9,
  cacheReadInputTokens: 3,
  cacheWriteInputTokens: 1,
};

describe('eventsOfConverseFrame', () => {
  it('reads tool use from its start to its end', () => {
    const toolUse = { toolUseId: 't', name: 'weather' };
    expect(eventsOfConverseFrame('contentBlockStart', { start: { toolUse }, contentBlockIndex: 1 })).toEqual([
      { type: 'tool-use-start', index: 1, toolUseId: 't', name: 'weather' },
    ]);
    const delta = { toolUse: { input: '{"a":' } };
    expect(eventsOfConverseFrame('contentBlockDelta', { delta, contentBlockIndex: 1 })).toEqual([
      { type: 'tool-use-delta', index: 1, inputJson: '{"a":' },
    ]);
    expect(eventsOfConverseFrame('contentBlockStop', { contentBlockIndex: 1 })).toEqual([
      { type: 'block-stop', index: 1 },
    ]);
  });

  it('reads reasoning text, its signature and thoughts that are hidden', () => {
    const frame = (reasoningContent: object) =>
      eventsOfConverseFrame('contentBlockDelta', { delta: { reasoningContent }, contentBlockIndex: 0 });
    expect(frame({ text: 'hm' })).toEqual([{ type: 'reasoning-delta', index: 0, text: 'hm' }]);
    expect(frame({ signature: 'abc' })).toEqual([
      { type: 'reasoning-signature', index: 0, signature: 'abc' },
    ]);
    expect(frame({ redactedContent: 'AAE=' })).toEqual([
      { type: 'reasoning-redacted', index: 0, dataBase64: 'AAE=' },
    ]);
    expect(frame({})).toEqual([]);
  });

  it('reads cached tokens apart', () => {
    expect(eventsOfConverseFrame('metadata', { usage, metrics: { latencyMs: 1 } })).toEqual([
      {
        type: 'usage',
        usage: { inputTokens: 7, outputTokens: 2, cacheReadInputTokens: 3, cacheWriteInputTokens: 1 },
      },
    ]);
  });

  it.each([
    ['tool_use', 'tool_use'],
    ['guardrail_intervened', 'guardrail_intervened'],
    ['refusal', 'content_filtered'],
    ['a_reason_of_next_year', 'end_turn'],
  ])('reads the stop reason %s as %s', (wire, stopReason) => {
    expect(eventsOfConverseFrame('messageStop', { stopReason: wire })).toEqual([
      { type: 'message-stop', stopReason },
    ]);
  });

  it('skips an event that AWS may add', () => {
    expect(eventsOfConverseFrame('somethingNew', { a: 1 })).toEqual([]);
  });
});

describe('eventsOfConverseAnswer', () => {
  const answer = (content: readonly object[]) => ({
    output: { message: { role: 'assistant', content } },
    stopReason: 'tool_use',
    usage,
  });

  it('reads text, reasoning and tool use as blocks', () => {
    const content = [
      { reasoningContent: { reasoningText: { text: 'hm', signature: 'abc' } } },
      { text: 'look' },
      { toolUse: { toolUseId: 't', name: 'weather', input: { city: 'Rom' } } },
    ];
    expect(eventsOfConverseAnswer(answer(content))).toEqual([
      { type: 'message-start' },
      { type: 'reasoning-delta', index: 0, text: 'hm' },
      { type: 'reasoning-signature', index: 0, signature: 'abc' },
      { type: 'block-stop', index: 0 },
      { type: 'text-delta', index: 1, text: 'look' },
      { type: 'block-stop', index: 1 },
      { type: 'tool-use-start', index: 2, toolUseId: 't', name: 'weather' },
      { type: 'tool-use-delta', index: 2, inputJson: '{"city":"Rom"}' },
      { type: 'block-stop', index: 2 },
      { type: 'message-stop', stopReason: 'tool_use' },
      {
        type: 'usage',
        usage: { inputTokens: 7, outputTokens: 2, cacheReadInputTokens: 3, cacheWriteInputTokens: 1 },
      },
    ]);
  });

  it.each([{}, { output: {} }, { ...answer([]), usage: undefined }, { ...answer([]), stopReason: 1 }])(
    'calls %j malformed',
    (bad) => {
      expect(() => eventsOfConverseAnswer(bad)).toThrow(MalformedAnswer);
    },
  );
});

describe('what Bedrock tells besides', () => {
  const citation = { title: 'Tides', location: { documentChar: { documentIndex: 0 } } };

  it('is citations, in a stream and in a plain answer, whose text is not lost', () => {
    const delta = { citation };
    expect(eventsOfConverseFrame('contentBlockDelta', { delta, contentBlockIndex: 2 })).toEqual([
      { type: 'citation', index: 2, citation },
    ]);
    const citationsContent = { content: [{ text: 'It ' }, { text: 'rises.' }], citations: [citation] };
    const answer = {
      output: { message: { role: 'assistant', content: [{ citationsContent }] } },
      stopReason: 'end_turn',
      usage,
    };
    expect(eventsOfConverseAnswer(answer)).toEqual(
      expect.arrayContaining([
        { type: 'text-delta', index: 0, text: 'It ' },
        { type: 'text-delta', index: 0, text: 'rises.' },
        { type: 'citation', index: 0, citation },
      ]),
    );
  });

  it('is the tier and the latency that served, and how a guardrail judged', () => {
    const told = {
      serviceTier: { type: 'priority' },
      performanceConfig: { latency: 'optimized' },
      trace: { guardrail: { actionReason: 'none' } },
    };
    expect(eventsOfConverseFrame('metadata', { usage, ...told })).toMatchObject([
      {
        type: 'usage',
        bedrock: { serviceTier: 'priority', performanceLatency: 'optimized', trace: told.trace },
      },
    ]);
    expect(eventsOfConverseFrame('metadata', { usage })[0]).not.toHaveProperty('bedrock');
  });
});

describe('readPlainTextDelta', () => {
  const asJson = (payload: string) => eventsOfConverseFrame('contentBlockDelta', JSON.parse(payload))[0];

  it('reads as JSON what it reads, and leaves the rest to JSON', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '\u0000', '"}}'),
    );
    fc.assert(
      fc.property(fc.nat(2_000_000), text, fc.option(fc.string(), { nil: undefined }), (index, said, p) => {
        const payload = JSON.stringify({ contentBlockIndex: index, delta: { text: said }, p });
        const event = readPlainTextDelta(payload);
        if (event !== undefined) expect(event).toEqual(asJson(payload));
      }),
    );
  });

  it('reads the common form', () => {
    const payload = '{"contentBlockIndex":3,"delta":{"text":" wörld 🌊"},"p":"abcDEF1"}';
    expect(readPlainTextDelta(payload)).toEqual({ type: 'text-delta', index: 3, text: ' wörld 🌊' });
    expect(readPlainTextDelta(payload)).toEqual(asJson(payload));
  });

  it.each([
    '{"contentBlockIndex":0,"delta":{"text":"a\\nb"}}',
    '{"contentBlockIndex":0,"delta":{"text":"a\nb"}}',
    '{"contentBlockIndex":00,"delta":{"text":"a"}}',
    '{"contentBlockIndex":-1,"delta":{"text":"a"}}',
    '{"contentBlockIndex":0,"delta":{"text":"a"}}x',
    '{"contentBlockIndex":0,"delta":{"text":"a"}}\n{}',
    '{"contentBlockIndex":0,"delta":{"text":"a"},"delta":{"text":"b"}}',
    '{"contentBlockIndex":0,"delta":{"toolUse":{"input":"a"}}}',
  ])('leaves %j to JSON', (payload) => {
    expect(readPlainTextDelta(payload)).toBeUndefined();
  });
});
