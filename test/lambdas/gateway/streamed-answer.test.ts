import { describe, expect, it, vi } from 'vitest';
import { streamedAnswer } from '#lambdas/gateway/streamed-answer.ts';
import type { ByteSource, GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';

function hooks() {
  const seen = { ends: 0, defects: [] as unknown[] };
  return {
    seen,
    onEnd: () => {
      seen.ends += 1;
    },
    onDefect: (error: unknown) => {
      seen.defects.push(error);
    },
    isCutOff: () => false,
    settled: () => undefined,
  };
}

const answerOf = (
  body: GatewayAnswer['body'],
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): GatewayAnswer => ({ status, headers: new Map(Object.entries(headers)), body });

function failingBody(): ByteSource {
  let part = 0;
  return {
    pull: async (sink) => {
      part += 1;
      if (part === 2) throw new Error('broken');
      sink.enqueue(new TextEncoder().encode('data: 1\n\n'));
    },
    cancel: () => undefined,
  };
}

const textOf = (body: string | ReadableStream<Uint8Array>) => new Response(body).text();

describe('streamedAnswer', () => {
  it('passes status, headers and body on', async () => {
    const { seen, ...rest } = hooks();
    const refusal = answerOf('{"a":1}', { status: 429, headers: { 'retry-after': '3' } });
    const answer = streamedAnswer(refusal, rest);
    expect(answer.statusCode).toBe(429);
    expect(answer.headers['retry-after']).toBe('3');
    expect(await textOf(answer.body)).toBe('{"a":1}');
    expect(seen).toEqual({ ends: 1, defects: [] });
  });

  it('ends a body whatever is left to be written behind it', async () => {
    const { seen, ...rest } = hooks();
    const settled = vi.fn(() => new Promise<void>(() => undefined));
    const answer = streamedAnswer(answerOf('fine'), { ...rest, settled });
    expect(await textOf(answer.body)).toBe('fine');
    expect(seen.ends).toBe(1);
    expect(settled).not.toHaveBeenCalled();
  });

  it('ends at once where there is no body', () => {
    const { seen, ...rest } = hooks();
    expect(streamedAnswer(answerOf(null, { status: 204 }), rest).body).toBe('');
    expect(seen.ends).toBe(1);
  });

  it('ends a stream of events that fails with an error event, never with an error', async () => {
    const { seen, ...rest } = hooks();
    const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
    const answer = streamedAnswer(answerOf(failingBody(), { headers }), rest);
    expect(await textOf(answer.body)).toBe(
      'data: 1\n\ndata: {"error":{"message":"the answer broke off","type":"api_error","param":null,"code":"stream_interrupted"}}\n\n',
    );
    expect(seen.ends).toBe(1);
    expect(seen.defects).toHaveLength(1);
  });

  it('adds nothing to another kind of body that fails', async () => {
    const { seen, ...rest } = hooks();
    const headers = { 'content-type': 'application/json' };
    const { body } = streamedAnswer(answerOf(failingBody(), { headers }), rest);
    expect(await textOf(body)).toBe('data: 1\n\n');
    expect(seen.defects).toHaveLength(1);
  });

  it('breaks a body that fails before it has the length that was promised', async () => {
    const { seen, ...rest } = hooks();
    const settled = vi.fn(async () => undefined);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': '18' };
    const answer = streamedAnswer(answerOf(failingBody(), { headers }), { ...rest, settled });
    await expect(textOf(answer.body)).rejects.toThrow('broken');
    expect(settled).toHaveBeenCalledOnce();
    expect(seen).toMatchObject({ ends: 1, defects: [new Error('broken')] });
  });

  it('cancels the source when nobody reads on', async () => {
    const { seen, ...rest } = hooks();
    let cancelled = false;
    const body: ByteSource = {
      pull: async (sink) => sink.enqueue(new Uint8Array(1)),
      cancel: () => {
        cancelled = true;
      },
    };
    const answer = streamedAnswer(answerOf(body), rest);
    await (answer.body as ReadableStream<Uint8Array>).cancel();
    expect(cancelled).toBe(true);
    expect(seen.ends).toBe(1);
  });

  it('tells a caller whose stream the end of the function’s time cut off, and takes a text that is whole for whole', async () => {
    const { seen, ...rest } = hooks();
    const cutOff = { ...rest, isCutOff: () => true };
    const stream: ByteSource = { pull: async (sink) => sink.close(), cancel: () => undefined };
    const headers = { 'content-type': 'text/event-stream' };
    expect(await textOf(streamedAnswer(answerOf(stream, { headers }), cutOff).body)).toContain(
      'stream_interrupted',
    );
    expect(await textOf(streamedAnswer(answerOf('{}', { status: 504 }), cutOff).body)).toBe('{}');
    expect(seen.defects.map(String)).toEqual([expect.stringContaining('ran out of time')]);
  });
});
