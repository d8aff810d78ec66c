import type { ByteSink, ByteSource, GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';

/** An answer as middy streams it: status and headers first, then the body as it is made. */
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
  /** Whether the function's time ran out: for the gateway the caller has left then, and here it still reads. */
  readonly isCutOff: () => boolean;
  /** What must be over before a body is broken off, for the process may end with it. Undefined where nothing is left. */
  readonly settled: () => Promise<void> | undefined;
}

export function streamedAnswer(answer: GatewayAnswer, hooks: AnswerHooks): StreamedAnswer {
  const headers = Object.fromEntries(answer.headers);
  const { body, status: statusCode } = answer;
  if (body === null) {
    hooks.onEnd();
    return { statusCode, headers, body: '' };
  }
  const source = typeof body === 'string' ? wholeText(body) : untilCutOff(body, hooks);
  return { statusCode, headers, body: guardedBody(source, headers, hooks) };
}

/** As bytes: middy cuts a long text into pieces, and a character that is cut in two is lost. */
function wholeText(text: string): ByteSource {
  return {
    pull: async (sink) => {
      sink.enqueue(new TextEncoder().encode(text));
      sink.close();
    },
    cancel: () => undefined,
  };
}

/** A stream that ends because the time is over has not ended well. */
function untilCutOff(body: ByteSource, { isCutOff }: AnswerHooks): ByteSource {
  return {
    pull: async (sink) => {
      await body.pull(sink);
      if (isCutOff()) throw new Error('the answer was cut off: the function ran out of time');
    },
    cancel: () => body.cancel(),
  };
}

/**
 * The same bytes. An error that escapes into middy's pipeline breaks the connection to Lambda, and may end the process
 * with it: that is kept for a body whose length was promised, which must not end as if it were whole. (What Lambda is told
 * of an error in an answer's middle counts as success there.) A stream of events ends with an error event instead.
 */
function guardedBody(
  source: ByteSource,
  headers: Readonly<Record<string, string>>,
  hooks: AnswerHooks,
): ReadableStream<Uint8Array> {
  let isOver = false;
  let broken: { readonly error: unknown } | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const sink: ByteSink = {
          get desiredSize() {
            return controller.desiredSize;
          },
          enqueue: (bytes) => controller.enqueue(bytes),
          close: () => {
            isOver = true;
          },
        };
        try {
          await source.pull(sink);
          if (!isOver) return;
        } catch (error) {
          hooks.onDefect(error);
          if (headers['content-type']?.startsWith('text/event-stream') === true)
            controller.enqueue(interruption());
          else if (headers['content-length'] !== undefined) broken = { error };
        }
        if (broken === undefined) controller.close();
        else {
          await hooks.settled();
          controller.error(broken.error);
        }
        hooks.onEnd();
      },
      cancel() {
        hooks.onEnd();
        source.cancel();
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
