import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Gateway } from '#usecases/gateway/gateway.ts';
import type { ByteSource, GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';

/** The part of Lambda's global that middy asks for when a handler is made. */
class AnswerStream extends PassThrough {
  prelude: { statusCode?: number } = {};
}

beforeAll(() => {
  vi.stubGlobal('awslambda', {
    streamifyResponse: (handler: unknown) => handler,
    HttpResponseStream: {
      from: (stream: AnswerStream, prelude: object) => Object.assign(stream, { prelude }),
    },
  });
});

afterAll(() => {
  vi.unstubAllGlobals();
});

const event = { version: '2.0', rawPath: '/x', headers: {}, requestContext: { http: { method: 'GET' } } };

type Start = () => Promise<Pick<Gateway, 'answer'> & { readonly settled?: Gateway['settled'] }>;

const answerOf = (body: GatewayAnswer['body'], status = 200, headers: Record<string, string> = {}) => ({
  status,
  headers: new Map(Object.entries(headers)),
  body,
});

async function openHandler(start: Start, remainingMs = 60_000) {
  const { createGatewayHandler } = await import('#lambdas/gateway/create-gateway-handler.ts');
  const handler = createGatewayHandler(async () => ({
    settled: () => undefined,
    ...(await start()),
  })) as unknown as (input: unknown, stream: AnswerStream, context: object) => Promise<void>;
  return async (input: unknown = event, onEnd: () => void = () => undefined) => {
    const stream = new AnswerStream();
    stream.once('end', onEnd);
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    await handler(input, stream, { getRemainingTimeInMillis: () => remainingMs });
    return { status: stream.prelude.statusCode, body: Buffer.concat(chunks).toString() };
  };
}

describe('createGatewayHandler', () => {
  it('answers HEAD as GET without the body, which nobody makes then', async () => {
    let cancelled = false;
    const body: ByteSource = {
      pull: () => expect.unreachable(),
      cancel: () => {
        cancelled = true;
      },
    };
    const invoke = await openHandler(async () => ({ answer: async () => answerOf(body) }));
    const head = { ...event, requestContext: { http: { method: 'HEAD' } } };
    expect([await invoke(head), cancelled]).toEqual([{ status: 200, body: '' }, true]);
    const whole = await openHandler(async () => ({ answer: async () => answerOf('fine') }));
    expect(await whole(head)).toEqual({ status: 200, body: '' });
  });

  it('starts the gateway with the first event, once', async () => {
    let starts = 0;
    const invoke = await openHandler(async () => {
      starts += 1;
      return { answer: async () => answerOf('fine') };
    });
    expect(starts).toBe(0);
    await Promise.all([invoke(), invoke()]);
    expect(await invoke()).toEqual({ status: 200, body: 'fine' });
    expect(starts).toBe(1);
  });

  it.each([
    ['a text', 'fine', 200],
    ['no body', null, 204],
  ])(
    'ends an answer of %s first, and the invocation when all behind it is written',
    async (_, body, status) => {
      const [written, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const invoke = await openHandler(async () => ({
        answer: async () => answerOf(body, status),
        settled: () => written.promise,
      }));
      let isOver = false;
      const over = invoke(event, ended.resolve).then((answer) => {
        isOver = true;
        return answer;
      });
      await ended.promise;
      await new Promise(setImmediate);
      expect(isOver).toBe(false);
      written.resolve();
      expect(await over).toEqual({ status, body: body ?? '' });
    },
  );

  it.each([
    [60_000, 2_500],
    [1_150, 1_000],
    [100, 0],
  ])('with %i ms left gives what is behind an answer %i ms', async (remainingMs, behindMs) => {
    const settled = vi.fn(async () => undefined);
    const start = async () => ({ answer: async () => answerOf('fine'), settled });
    await (await openHandler(start, remainingMs))();
    expect(settled.mock.calls).toEqual([[behindMs]]);
  });

  it('tries again with the next event when the start failed, and tells callers nothing of why', async () => {
    const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    let starts = 0;
    const invoke = await openHandler(async () => {
      starts += 1;
      if (starts === 1) throw new Error('secret detail');
      return { answer: async () => answerOf('fine') };
    });
    const first = await invoke();
    expect(first.status).toBe(500);
    expect(first.body).not.toContain('secret');
    expect(output.mock.calls.join()).toContain('secret detail');
    output.mockRestore();
    expect((await invoke()).status).toBe(200);
  });

  it('aborts the request shortly before the function is killed', async () => {
    const invoke = await openHandler(
      async () => ({
        answer: (request) =>
          new Promise((resolve) => {
            request.signal.addEventListener('abort', () => resolve(answerOf(String(request.signal.reason))));
          }),
      }),
      1_010,
    );
    expect((await invoke()).body).toContain('the function runs out of time');
  });

  it('tells the gateway what it has for an answer, after its start and before its own last words', async () => {
    let answerWithinMs: number | undefined;
    const invoke = await openHandler(
      async () => ({
        answer: async (request) => {
          answerWithinMs = request.answerWithinMs;
          return answerOf('fine');
        },
      }),
      3_000,
    );
    expect((await invoke()).body).toBe('fine');
    expect(answerWithinMs).toBe(1_750);
  });

  it('tells a caller who still waits that the time is over, where the gateway takes them for gone', async () => {
    const invoke = await openHandler(
      async () => ({
        answer: (request) =>
          new Promise((resolve) => {
            request.signal.addEventListener('abort', () => resolve(answerOf(null, 499)));
          }),
      }),
      1_010,
    );
    const { status, body } = await invoke();
    expect([status, JSON.parse(body)]).toMatchObject([504, { error: { code: 'timed_out' } }]);
  });

  it('fails the invocation where a file breaks off, so that no caller takes it for whole', async () => {
    const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    let part = 0;
    const body: ByteSource = {
      pull: async (sink) => {
        part += 1;
        if (part === 2) throw new Error('the store is gone');
        sink.enqueue(new TextEncoder().encode('half of '));
      },
      cancel: () => undefined,
    };
    const headers = { 'content-length': '16' };
    const invoke = await openHandler(async () => ({ answer: async () => answerOf(body, 200, headers) }));
    await expect(invoke()).rejects.toThrow('the store is gone');
    output.mockRestore();
  });

  it('refuses an event that is no HTTP request without starting anything', async () => {
    const invoke = await openHandler(() => Promise.reject(new Error('started')));
    const answer = await invoke({ Records: [] });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('invalid_event');
  });
});
