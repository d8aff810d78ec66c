import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import { emptyAnswer } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { bedrockNovaWriter, readBedrockNova } from '#usecases/gateway/dialects/bedrock-nova.ts';

const identity = { requestId: 'r1', model: 'chat-small', createdSeconds: 7, elapsedMs: () => 12 };
const usage = { inputTokens: 5, outputTokens: 2 };
const body = { schemaVersion: 'messages-v1', messages: [{ role: 'user', content: [{ text: 'hello' }] }] };

const chunksIn = (bytes: Uint8Array) =>
  [...new EventStreamDecoder().push(bytes)].map(({ payload }) =>
    JSON.parse(Buffer.from(JSON.parse(payload.toString('utf8')).bytes, 'base64').toString('utf8')),
  );

describe('Nova’s format inside Bedrock', () => {
  it('is Converse’s, with a sampling of its own', () => {
    expect(readBedrockNova(body, 'chat-small')).toMatchObject({ ok: true, request: { model: 'chat-small' } });
    const sampled = { ...body, inferenceConfig: { topK: 3, topP: 0.5 } };
    expect(readBedrockNova(sampled, 'm')).toMatchObject({
      request: {
        inference: { topP: 0.5 },
        bedrock: { additionalModelRequestFields: { inferenceConfig: { topK: 3 } } },
      },
    });
    expect(readBedrockNova({ ...body, seed: 1 }, 'm')).toMatchObject({ violations: [{ path: 'seed' }] });
  });

  it('is answered by output, reason and usage', () => {
    const answer = { ...emptyAnswer, stopReason: 'end_turn', usage } as const;
    expect(bedrockNovaWriter().whole(identity, answer)).toMatchObject({
      body: { output: { message: { role: 'assistant' } }, stopReason: 'end_turn', usage: { inputTokens: 5 } },
      headers: { 'x-amzn-bedrock-output-token-count': '2' },
    });
  });

  it('is streamed as chunks of one member each, the metrics in the last', () => {
    const writer = bedrockNovaWriter().stream(identity);
    const events: readonly ModelEvent[] = [
      { type: 'message-start' },
      { type: 'text-delta', index: 0, text: 'Hi' },
      { type: 'block-stop', index: 0 },
      { type: 'message-stop', stopReason: 'end_turn' },
      { type: 'usage', usage },
    ];
    const chunks = chunksIn(Buffer.concat([...events.map((event) => writer.step(event)), writer.end()]));
    expect(chunks.map((chunk) => Object.keys(chunk)[0])).toEqual([
      'messageStart',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    expect(chunks.at(-1)).not.toHaveProperty('spillway');
    expect(chunks.at(-1)).toMatchObject({ 'amazon-bedrock-invocationMetrics': { outputTokenCount: 2 } });
  });

  it('marks at its end that another target went on', () => {
    const writer = bedrockNovaWriter().stream(identity);
    const mark = { target: 'a/b/c', region: 'us-west-2', reach: ['us-west-2'] };
    writer.resumed?.(mark);
    const last: ModelEvent = { type: 'message-stop', stopReason: 'end_turn' };
    const chunks = chunksIn(Buffer.concat([writer.step(last), writer.end()]));
    expect(chunks.at(-1)).toMatchObject({ spillway: { resumed: mark } });
  });
});
