/** A web-standard response as middy streams it: status and headers first, then the body as it is made. */
export interface StreamedAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ReadableStream<Uint8Array>;
}

/**
 * @param onEnd called once, when the body has ended or nobody reads it on
 * @param onDefect told of an error that the body threw
 */
export function answerOfResponse(
  response: Response,
  hooks: { readonly onEnd: () => void; readonly onDefect: (error: unknown) => void },
): StreamedAnswer {
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
  hooks: { readonly onEnd: () => void; readonly onDefect: (error: unknown) => void },
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
        controller.close();
        hooks.onEnd();
      },
      async cancel(reason) {
        hooks.onEnd();
        await reader.cancel(reason).catch(() => undefined);
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
