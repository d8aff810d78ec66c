/** A web-standard response as middy streams it: status and headers first, then the body as it is made. */
export interface StreamedAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ReadableStream<Uint8Array>;
}

export interface AnswerHooks {
  /** Called once, when the body has ended or nobody reads it on. */
  readonly onEnd: () => void;
  /** Told of an error that the body threw. */
  readonly onDefect: (error: unknown) => void;
  /** What must be over before the body ends: after that the process may be frozen. Undefined where nothing is left. */
  readonly settled: () => Promise<void> | undefined;
}

export function answerOfResponse(response: Response, hooks: AnswerHooks): StreamedAnswer {
  const headers = Object.fromEntries(response.headers);
  const { body, status } = response;
  if (body !== null) return { statusCode: status, headers, body: guardedBody(body, headers, hooks) };
  hooks.onEnd();
  return { statusCode: status, headers, body: '' };
}

/**
 * The same bytes, but never an error: one that escapes into middy's pipeline ends the whole process, and with it every
 * other request of a concurrent environment. A stream of events ends with an error event instead.
 */
function guardedBody(
  body: ReadableStream<Uint8Array>,
  headers: Readonly<Record<string, string>>,
  hooks: AnswerHooks,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            controller.enqueue(value);
            return;
          }
        } catch (error) {
          hooks.onDefect(error);
          if (headers['content-type']?.startsWith('text/event-stream') === true)
            controller.enqueue(interruption());
        }
        await hooks.settled();
        controller.close();
        hooks.onEnd();
      },
      async cancel(reason) {
        hooks.onEnd();
        await reader.cancel(reason).catch(() => undefined);
        await hooks.settled();
      },
    },
    { highWaterMark: 0 },
  );
}

function interruption(): Uint8Array {
  const error = {
    message: 'the answer broke off',
    type: 'api_error',
    param: null,
    code: 'stream_interrupted',
  };
  return new TextEncoder().encode(`data: ${JSON.stringify({ error })}\n\n`);
}
