import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import { emptyAnswer } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import {
  bedrockAnthropicWriter,
  readBedrockAnthropic,
} from '#usecases/gateway/dialects/bedrock-anthropic.ts';

const identity = { requestId: 'r1', model: 'chat-large', createdSeconds: 7, elapsedMs: () => 12 };
const usage = { inputTokens: 5, outputTokens: 2 };
const events: readonly ModelEvent[] = [
  { type: 'message-start' },
  { type: 'text-delta', index: 0, text: 'Hi' },
  { type: 'block-stop', index: 0 },
  { type: 'message-stop', stopReason: 'end_turn' },
  { type: 'usage', usage },
];

// biome-ignore lint/suspicious/noExplicitAny: events of Anthropic's format
function readFrames(bytes: Uint8Array): readonly any[] {
  return [...new EventStreamDecoder().push(bytes)].map(({ headers, payload }) => {
    const value = JSON.parse(payload.toString('utf8'));
    return headers[':message-type'] === 'event'
      ? JSON.parse(Buffer.from(value.bytes, 'base64').toString('utf8'))
      : { exception: headers[':exception-type'], ...value };
  });
}

const begin = () => {
  const writer = bedrockAnthropicWriter(aChatRequest()).stream(identity);
  const step = (count: number) => Buffer.concat(events.slice(0, count).map((event) => writer.step(event)));
  return { writer, step };
};

describe('Anthropic’s format inside Bedrock', () => {
  it('takes the model from the path and previews from the body', () => {
    const body = {
      anthropic_version: 'bedrock-2023-05-31',
      anthropic_beta: ['context-1m-2025-08-07'],
      max_tokens: 5,
      messages: [{ role: 'user', content: 'hello' }],
    };
    expect(readBedrockAnthropic(body, 'chat-large')).toMatchObject({
      ok: true,
      request: { model: 'chat-large', anthropic: { betas: ['context-1m-2025-08-07'] } },
    });
    expect(readBedrockAnthropic({ ...body, anthropic_beta: ['nobody-knows'] }, 'm')).toMatchObject({
      violations: [{ path: 'anthropic_beta' }],
    });
  });

  it('tells counts and times in headers where the answer is whole', () => {
    const writer = bedrockAnthropicWriter(aChatRequest());
    expect(writer.whole(identity, { ...emptyAnswer, stopReason: 'end_turn', usage })).toMatchObject({
      body: { type: 'message', model: 'chat-large', stop_reason: 'end_turn' },
      headers: {
        'x-amzn-requestid': 'r1',
        'x-amzn-bedrock-input-token-count': '5',
        'x-amzn-bedrock-invocation-latency': '12',
      },
    });
  });

  it('ends a whole stream with the metrics of Bedrock in the last event alone', () => {
    const { writer, step } = begin();
    const frames = readFrames(Buffer.concat([step(5), writer.end()]));
    const last = frames.at(-1);
    expect(last).toMatchObject({
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': { inputTokenCount: 5, outputTokenCount: 2, firstByteLatency: 12 },
    });
    expect(frames.filter((frame) => 'amazon-bedrock-invocationMetrics' in frame)).toEqual([last]);
  });

  it('marks at its end that another target went on', () => {
    const { writer, step } = begin();
    const mark = { target: 'a/b/c', region: 'us-west-2', reach: ['us-west-2'] };
    expect(writer.resumed?.(mark)).toHaveLength(0);
    const frames = readFrames(Buffer.concat([step(5), writer.end()]));
    expect(frames.at(-1)).toMatchObject({ type: 'message_stop', spillway: { resumed: mark } });
  });

  it('ends a broken one in an exception, without a stop', () => {
    const { writer, step } = begin();
    const broken = writer.interrupted({ outcome: 'throttled', usage: undefined, deltas: 1 });
    const frames = readFrames(Buffer.concat([step(2), broken]));
    expect(frames.at(-1)).toMatchObject({ exception: 'throttlingException', code: 'stream_interrupted' });
    expect(JSON.stringify(frames)).not.toContain('message_stop');
  });
});
