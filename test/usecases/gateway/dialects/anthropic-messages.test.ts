import { Stream } from '@anthropic-ai/sdk/core/streaming';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyAnswer } from '#core/chat/fold-events.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { anthropicMessages } from '#usecases/gateway/dialects/anthropic-messages.ts';

const body = { model: 'chat-large', max_tokens: 64, messages: [{ role: 'user', content: 'hello' }] };
const identity = { requestId: 'r1', model: 'chat-large', createdSeconds: 7, elapsedMs: () => 1 };
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function read(changes: object = {}, headers: Record<string, string> = {}) {
  return anthropicMessages.read({ ...body, ...changes }, {}, new Headers(headers));
}

function chatOf(changes: object = {}, headers: Record<string, string> = {}) {
  const call = read(changes, headers);
  if (!call.ok) throw new Error(JSON.stringify(call.violations));
  if (call.work.kind !== 'chat') throw new Error('no chat');
  return call.work;
}

function pathsOf(changes: object, headers: Record<string, string> = {}): readonly string[] {
  const call = read(changes, headers);
  return call.ok ? [] : call.violations.map(({ path }) => path);
}

const events: readonly ModelEvent[] = [
  { type: 'message-start' },
  { type: 'reasoning-delta', index: 0, text: 'hm 🌊' },
  { type: 'reasoning-signature', index: 0, signature: 'c2ln' },
  { type: 'block-stop', index: 0 },
  { type: 'text-delta', index: 1, text: 'Ebbe & Flut: ä€😀\n' },
  { type: 'text-delta', index: 1, text: '\r\ndata: {"type":"ping"}\n\n' },
  { type: 'block-stop', index: 1 },
  { type: 'message-stop', stopReason: 'end_turn' },
  { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
];

function streamed(): Uint8Array {
  const writer = chatOf({ stream: true }).writer.stream(identity);
  const parts = [...events.map((event) => writer.step(event)), writer.end()];
  return Buffer.concat(parts);
}

/** What the official client reads of bytes that come in these parts. */
async function readByClient(...parts: readonly Uint8Array[]): Promise<readonly unknown[]> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) if (part.length > 0) controller.enqueue(part);
      controller.close();
    },
  });
  const seen: unknown[] = [];
  const stream = Stream.fromSSEResponse(new Response(source), new AbortController());
  for await (const event of stream) seen.push(event);
  return seen;
}

describe('the dialect of Anthropic’s Messages', () => {
  it('tells what is wrong with the body and its headers at once', () => {
    const headers = { 'anthropic-version': '1999-01-01', 'anthropic-beta': 'x' };
    expect(pathsOf({ max_tokens: 0, container: 'c' }, headers)).toEqual([
      'max_tokens',
      'container',
      'anthropic-version',
      'anthropic-beta',
    ]);
    expect(pathsOf({ tool_choice: { type: 'any' } }, headers)).toEqual([
      'tool_choice',
      'anthropic-version',
      'anthropic-beta',
    ]);
    expect(pathsOf({}, headers)).toEqual(['anthropic-version', 'anthropic-beta']);
  });

  it('answers a call or its violations to any JSON at all, and throws at none', () => {
    const blocks = fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc.record({
          type: fc.constantFrom('text', 'image', 'document', 'tool_use', 'tool_result', 'thinking', 'x'),
          text: fc.jsonValue(),
          source: fc.record({
            type: fc.constantFrom('base64', 'text', 'content', 'url'),
            data: fc.jsonValue(),
          }),
          content: fc.jsonValue(),
        }),
      ),
    );
    const message = fc.record({
      role: fc.constantFrom('user', 'assistant', 'system', 7),
      content: fc.oneof(fc.string(), blocks),
    });
    const any = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          model: fc.constant(body.model),
          max_tokens: fc.constant(body.max_tokens),
          messages: fc.array(message),
          system: fc.oneof(fc.string(), blocks),
          tools: fc.array(fc.jsonValue()),
          tool_choice: fc.jsonValue(),
          thinking: fc.jsonValue(),
        },
        { requiredKeys: ['model', 'max_tokens'] },
      ),
    );
    fc.assert(
      fc.property(any, (value) => {
        const call = anthropicMessages.read(value, {}, new Headers());
        expect(call.ok || call.violations.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('hands previews on', () => {
    const headers = { 'anthropic-beta': 'context-1m-2025-08-07' };
    expect(chatOf({}, headers).request.anthropic).toEqual({ betas: ['context-1m-2025-08-07'] });
  });

  it('names an answer after its request, in body and header', () => {
    const whole = chatOf().writer.whole(identity, { ...emptyAnswer, stopReason: 'end_turn' });
    expect(whole).toMatchObject({
      body: { id: 'msg_r1', model: 'chat-large', stop_reason: 'end_turn' },
      headers: { 'request-id': 'r1' },
    });
    expect(chatOf().writer.stream(identity).headers).toEqual({ 'request-id': 'r1' });
  });

  it('names the only stop sequence that there was', () => {
    const { writer } = chatOf({ stop_sequences: ['END'] });
    const answer = { ...emptyAnswer, stopReason: 'stop_sequence' } as const;
    expect(writer.whole(identity, answer).body).toMatchObject({ stop_sequence: 'END' });
  });

  it('is read alike wherever its bytes are cut', async () => {
    const bytes = streamed();
    const whole = await readByClient(bytes);
    expect(whole).toHaveLength(decode(bytes).match(/^event: /gm)?.length ?? 0);
    expect(JSON.stringify(whole)).toContain('Ebbe & Flut: ä€😀');
    for (let at = 1; at < bytes.length; at += 1) {
      expect(await readByClient(bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole);
    }
  });

  it('beats by a ping, and ends a broken stream in an error without a stop', () => {
    const writer = chatOf({ stream: true }).writer.stream(identity);
    expect(decode(writer.heartbeat ?? new Uint8Array())).toBe('event: ping\ndata: {"type":"ping"}\n\n');
    writer.step({ type: 'text-delta', index: 0, text: 'a' });
    const broken = decode(writer.interrupted({ outcome: 'connection-reset', usage: undefined, deltas: 1 }));
    expect(broken).toMatch(/^event: error\ndata: \{"type":"error".*"request_id":"r1".*\}\n\n$/);
    expect(broken).not.toContain('message_stop');
  });
});
