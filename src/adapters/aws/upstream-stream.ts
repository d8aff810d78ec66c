/** What reading an upstream's answer can end in, each turned into an `UpstreamFailure`. */
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import { MalformedAnswer } from './answer-reader.ts';
import { EventStreamError, type EventStreamFrame } from './event-stream-decoder.ts';
import { parseObject, shortName, statusOf } from './upstream-error-answer.ts';
import type { UpstreamBody } from './upstream-exchange.ts';

type Service = UpstreamSignal['service'];

/** Content type of a streamed answer. */
export const eventStreamType = 'application/vnd.amazon.eventstream';

/** The whole text of a plain answer. */
export async function readWholeText(body: UpstreamBody, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > bytesMax) throw new MalformedAnswer(`the answer is larger than ${bytesMax} bytes`);
    }
  } finally {
    body.destroy();
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function incomplete(service: Service, message: string): UpstreamFailure {
  return new UpstreamFailure({ service, kind: 'incomplete', phase: 'in-stream', message });
}

/** A reader's complaint as the failure it stands for; everything else (resets, aborts, failures) passes as it is. */
export function asUpstreamFailure(error: unknown, service: Service): unknown {
  if (!(error instanceof EventStreamError || error instanceof MalformedAnswer)) return error;
  return new UpstreamFailure(
    { service, kind: 'malformed', phase: 'in-stream', message: error.message },
    error,
  );
}

/**
 * What a frame that is no event says. A modelled `exception` names itself in `:exception-type`, an unmodelled `error` in
 * `:error-code`.
 *
 * @throws EventStreamError when it names nothing
 */
export function failureOfFrame(frame: EventStreamFrame, service: Service): UpstreamFailure {
  const name = shortName(frame.headers[':exception-type'] ?? frame.headers[':error-code'] ?? '');
  if (name === '') throw new EventStreamError('an event-stream frame says neither event nor exception');
  const text = frame.text;
  const body = parseObject(text);
  const message =
    body?.message ?? body?.Message ?? body?.originalMessage ?? frame.headers[':error-message'] ?? text;
  return new UpstreamFailure({
    service,
    kind: 'answer',
    phase: 'in-stream',
    // The stream spells the union's member (`throttlingException`); the error is `ThrottlingException`.
    errorName: name.charAt(0).toUpperCase() + name.slice(1),
    message: String(message),
    originalStatusCode: statusOf(body?.originalStatusCode) ?? statusOf(body?.OriginalStatusCode),
  });
}
