/** The same format on both sides: what a caller sends arrives as it was sent, and what a target says as it was said. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { converseBody } from '#adapters/aws/converse-body.ts';
import { eventsOfConverseAnswer, eventsOfConverseFrame } from '#adapters/aws/converse-events.ts';
import { bedrockConverseSchema } from '#contract/bedrock-converse.ts';
import { emptyAnswer, foldEvent } from '#core/chat/fold-events.ts';
import { chatRequestOfConverse } from '#core/wire/bedrock/chat-request-of-converse.ts';
import { converseAnswer } from '#core/wire/bedrock/converse-answer.ts';
import {
  type ConverseStreamEvent,
  endConverseStream,
  startConverseStream,
  stepConverseStream,
} from '#core/wire/bedrock/converse-stream.ts';
import { anyConverseBody } from '#test/builders/a-converse-body.ts';

it('hands a target the body that the caller sent', () => {
  fc.assert(
    fc.property(anyConverseBody, (body) => {
      const sent = JSON.parse(JSON.stringify(body));
      const translated = chatRequestOfConverse(bedrockConverseSchema.parse(sent), 'chat');
      if (!translated.ok) throw new Error(JSON.stringify(translated.violations));
      const maxTokens = translated.request.inference.maxTokens ?? 0;
      expect(JSON.parse(converseBody(translated.request, maxTokens))).toEqual(sent);
    }),
    { numRuns: 300 },
  );
});

const text = fc.string();
const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const answerBlock = fc.oneof(
  fc.record({ text }),
  fc.record({ toolUse: fc.record({ toolUseId: text, name: text, input: json }) }),
  fc.record({
    reasoningContent: fc.oneof(
      fc.record({ reasoningText: fc.record({ text, signature: text }, { requiredKeys: ['text'] }) }),
      fc.record({ redactedContent: fc.base64String() }),
    ),
  }),
  fc.record({
    citationsContent: fc.record({
      content: fc.tuple(fc.record({ text })),
      citations: fc.array(json, { minLength: 1, maxLength: 2 }),
    }),
  }),
);
const count = fc.nat(100_000);
const usage = fc
  .record(
    { inputTokens: count, outputTokens: count, cacheReadInputTokens: count, cacheWriteInputTokens: count },
    { requiredKeys: ['inputTokens', 'outputTokens'] },
  )
  .map((counts) => ({ ...counts, totalTokens: Object.values(counts).reduce((sum, each) => sum + each, 0) }));
const told = fc.record(
  {
    trace: json,
    performanceConfig: fc.record({ latency: fc.constantFrom('standard', 'optimized') }),
    serviceTier: fc.record({ type: fc.constantFrom('default', 'priority') }),
  },
  { requiredKeys: [] },
);
const stopReason = fc.constantFrom('end_turn', 'tool_use', 'guardrail_intervened', 'malformed_tool_use');

it('hands the caller the answer that a target gave', () => {
  const answers = fc.record({ blocks: fc.array(answerBlock, { maxLength: 5 }), stopReason, usage, told });
  fc.assert(
    fc.property(answers, fc.option(json, { nil: undefined }), (given, fields) => {
      const answer = JSON.parse(
        JSON.stringify({
          output: { message: { role: 'assistant', content: given.blocks } },
          stopReason: given.stopReason,
          usage: given.usage,
          metrics: { latencyMs: 5 },
          additionalModelResponseFields: fields,
          ...given.told,
        }),
      );
      const folded = eventsOfConverseAnswer(answer).reduce(foldEvent, emptyAnswer);
      expect(JSON.parse(JSON.stringify(converseAnswer(folded, 5)))).toEqual(answer);
    }),
  );
});

type Frame = readonly [ConverseStreamEvent['type'], Record<string, unknown>];
const streamBlock = fc.oneof(
  fc.array(text, { minLength: 1, maxLength: 4 }).map((texts) => texts.map((each) => ({ text: each }))),
  fc
    .tuple(fc.array(text, { minLength: 1, maxLength: 3 }), text)
    .map(([texts, signature]) => [
      ...texts.map((each) => ({ reasoningContent: { text: each } })),
      { reasoningContent: { signature } },
    ]),
  fc.array(text, { maxLength: 4 }).map((inputs) => inputs.map((input) => ({ toolUse: { input } }))),
);

it('hands the caller the stream that a target gave, event by event', () => {
  fc.assert(
    fc.property(fc.array(streamBlock, { maxLength: 4 }), stopReason, usage, (blocks, reason, counts) => {
      const frames: Frame[] = [['messageStart', { role: 'assistant' }]];
      blocks.forEach((deltas, contentBlockIndex) => {
        if (deltas.length === 0 || (deltas[0] !== undefined && 'toolUse' in deltas[0])) {
          const start = { toolUse: { toolUseId: `id-${contentBlockIndex}`, name: 'look' } };
          frames.push(['contentBlockStart', { start, contentBlockIndex }]);
        }
        for (const each of deltas) frames.push(['contentBlockDelta', { delta: each, contentBlockIndex }]);
        frames.push(['contentBlockStop', { contentBlockIndex }]);
      });
      frames.push(['messageStop', { stopReason: reason }]);
      frames.push(['metadata', { usage: counts, metrics: { latencyMs: 5 } }]);
      let state = startConverseStream();
      const sent: ConverseStreamEvent[] = [];
      for (const event of frames.flatMap(([type, members]) => eventsOfConverseFrame(type, members))) {
        const step = stepConverseStream(state, event);
        state = step.state;
        sent.push(...step.events);
      }
      sent.push(...endConverseStream(state, 5));
      expect(sent.map(({ type, members }) => [type, members])).toEqual(frames);
    }),
  );
});
