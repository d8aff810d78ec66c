/** Event-stream frames as AWS writes them, by the SDK's own codec. */
import { EventStreamCodec } from '@smithy/core/event-streams';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => new Uint8Array(Buffer.from(text, 'utf8')),
);

function frame(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const typed = Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }]);
  return Buffer.from(codec.encode({ headers: Object.fromEntries(typed), body: payload }));
}

export function eventFrame(eventType: string, payload: unknown): Buffer {
  const headers = {
    ':event-type': eventType,
    ':content-type': 'application/json',
    ':message-type': 'event',
  };
  return frame(headers, Buffer.from(JSON.stringify(payload)));
}

/** One PayloadPart of InvokeEndpointWithResponseStream: the container's bytes as they are. */
export function payloadPart(bytes: Uint8Array | string): Buffer {
  const headers = {
    ':event-type': 'PayloadPart',
    ':content-type': 'application/octet-stream',
    ':message-type': 'event',
  };
  return frame(headers, Buffer.from(bytes as Uint8Array));
}

export function exceptionFrame(exceptionType: string, payload: unknown): Buffer {
  const headers = {
    ':exception-type': exceptionType,
    ':content-type': 'application/json',
    ':message-type': 'exception',
  };
  return frame(headers, Buffer.from(JSON.stringify(payload)));
}

export function errorFrame(code: string, message: string): Buffer {
  const headers = { ':error-code': code, ':error-message': message, ':message-type': 'error' };
  return frame(headers, new Uint8Array());
}

/** The frames of a short, whole ConverseStream answer that says `texts`. */
export function converseFrames(...texts: readonly string[]): readonly Buffer[] {
  return [
    eventFrame('messageStart', { role: 'assistant' }),
    ...texts.map((text) => eventFrame('contentBlockDelta', { delta: { text }, contentBlockIndex: 0 })),
    eventFrame('contentBlockStop', { contentBlockIndex: 0 }),
    eventFrame('messageStop', { stopReason: 'end_turn' }),
    eventFrame('metadata', {
      usage: { inputTokens: 7, outputTokens: texts.length, totalTokens: 7 + texts.length },
      metrics: { latencyMs: 12 },
    }),
  ];
}
