import { describe, expect, it, vi } from 'vitest';
import { answerOfResponse } from '#lambdas/gateway/answer-of-response.ts';

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
    settled: () => undefined,
  };
}

function failingBody(contentType: string): Response {
  let part = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      part += 1;
      if (part === 2) throw new Error('broken');
      controller.enqueue(new TextEncoder().encode('data: 1\n\n'));
    },
  });
  return new Response(body, { headers: { 'content-type': contentType } });
}

const textOf = (body: string | ReadableStream<Uint8Array>) => new Response(body).text();

describe('answerOfResponse', () => {
  it('passes status, headers and body on', async () => {
    const { seen, ...rest } = hooks();
    const response = new Response('{"a":1}', { status: 429, headers: { 'retry-after': '3' } });
    const answer = answerOfResponse(response, rest);
    expect(answer.statusCode).toBe(429);
    expect(answer.headers['retry-after']).toBe('3');
    expect(await textOf(answer.body)).toBe('{"a":1}');
    expect(seen).toEqual({ ends: 1, defects: [] });
  });

  it('ends no body before what answers left to be written is written', async () => {
    const { seen, ...rest } = hooks();
    const written = Promise.withResolvers<void>();
    const answer = answerOfResponse(new Response('fine'), { ...rest, settled: () => written.promise });
    const text = textOf(answer.body);
    let isRead = false;
    void text.then(() => {
      isRead = true;
    });
    await new Promise(setImmediate);
    expect([isRead, seen.ends]).toEqual([false, 0]);
    written.resolve();
    expect(await text).toBe('fine');
    expect(seen.ends).toBe(1);
  });

  it('ends at once where there is no body', () => {
    const { seen, ...rest } = hooks();
    expect(answerOfResponse(new Response(null, { status: 204 }), rest).body).toBe('');
    expect(seen.ends).toBe(1);
  });

  it('ends a stream of events that fails with an error event, never with an error', async () => {
    const { seen, ...rest } = hooks();
    const answer = answerOfResponse(failingBody('text/event-stream; charset=utf-8'), rest);
    expect(await textOf(answer.body)).toBe(
      'data: 1\n\ndata: {"error":{"message":"the answer broke off","type":"api_error","param":null,"code":"stream_interrupted"}}\n\n',
    );
    expect(seen.ends).toBe(1);
    expect(seen.defects).toHaveLength(1);
  });

  it('adds nothing to another kind of body that fails', async () => {
    const { seen, ...rest } = hooks();
    expect(await textOf(answerOfResponse(failingBody('application/json'), rest).body)).toBe('data: 1\n\n');
    expect(seen.defects).toHaveLength(1);
  });

  it('breaks a body that fails before it has the length that was promised', async () => {
    const { seen, ...rest } = hooks();
    const settled = vi.fn(async () => undefined);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': '18' };
    const { body } = failingBody('application/octet-stream');
    const answer = answerOfResponse(new Response(body, { headers }), { ...rest, settled });
    await expect(textOf(answer.body)).rejects.toThrow('broken');
    expect(settled).toHaveBeenCalledOnce();
    expect(seen).toMatchObject({ ends: 1, defects: [new Error('broken')] });
  });

  it('cancels the source when nobody reads on', async () => {
    const { seen, ...rest } = hooks();
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1)),
      cancel: () => {
        cancelled = true;
      },
    });
    const answer = answerOfResponse(new Response(body), rest);
    await (answer.body as ReadableStream<Uint8Array>).cancel();
    expect(cancelled).toBe(true);
    expect(seen.ends).toBe(1);
  });
});
