import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '#adapters/aws/event-stream-decoder.ts';
import { emptyAnswer } from '#core/chat/fold-events.ts';
import { bedrockConverse } from '#usecases/gateway/dialects/bedrock-converse.ts';

const body = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
const identity = { requestId: 'r1', model: 'chat-small', createdSeconds: 7, elapsedMs: () => 31 };

function readGood(stream: boolean) {
  const call = bedrockConverse.read(body, { model: 'chat-small', stream }, new Headers());
  if (!call.ok) throw new Error(JSON.stringify(call.violations));
  if (call.work.kind !== 'chat') throw new Error('no chat');
  return call.work;
}

function frames(bytes: Uint8Array) {
  return new EventStreamDecoder()
    .push(bytes)
    .map(({ headers, payload }) => [
      headers[':event-type'] ?? headers[':exception-type'],
      JSON.parse(payload.toString()),
    ]);
}

describe('the Converse dialect', () => {
  it('takes the model and the manner of the answer from the path', () => {
    expect(readGood(true)).toMatchObject({ stream: true, request: { model: 'chat-small' } });
    expect(readGood(false).stream).toBe(false);
  });

  it('gives every violation of a body its path', () => {
    const call = bedrockConverse.read({ messages: [], promptVariables: {} }, { model: 'm' }, new Headers());
    expect(call.ok ? [] : call.violations.map(({ path }) => path)).toEqual(['messages', 'promptVariables']);
  });

  it('names the request where AWS does, and how long it took', () => {
    const whole = readGood(false).writer.whole(identity, { ...emptyAnswer, stopReason: 'end_turn' });
    expect(whole.headers).toEqual({ 'x-amzn-requestid': 'r1' });
    expect(whole.body).toMatchObject({ stopReason: 'end_turn', metrics: { latencyMs: 31 } });
  });

  it('ends a whole stream in metadata and a broken one in an exception', () => {
    const { writer } = readGood(true);
    const whole = writer.stream(identity);
    expect(whole.contentType).toBe('application/vnd.amazon.eventstream');
    expect(whole.headers).toEqual({ 'x-amzn-requestid': 'r1' });
    expect(frames(whole.step({ type: 'text-delta', index: 0, text: 'a' })).map(([type]) => type)).toEqual([
      'messageStart',
      'contentBlockDelta',
    ]);
    whole.step({ type: 'message-stop', stopReason: 'end_turn' });
    expect(frames(whole.end())).toEqual([
      ['messageStop', { stopReason: 'end_turn' }],
      ['metadata', { metrics: { latencyMs: 31 } }],
    ]);
    const broken = writer.stream(identity).interrupted({ outcome: 'throttled', usage: undefined, deltas: 3 });
    expect(frames(broken).map(([type]) => type)).toEqual(['throttlingException']);
  });
});
