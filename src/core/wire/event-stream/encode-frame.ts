/**
 * core/wire/event-stream: AWS's binary framing of streams, `application/vnd.amazon.eventstream`, written.
 *
 * Invariant: one call, one whole frame with true checksums; nothing is held back and nothing is cut. The folder owns
 * no state.
 *
 *     total length (4) · header length (4) · CRC-32 of those (4) · headers · payload · CRC-32 of all before (4)
 */
import { crc32 } from '../../units/crc-32.ts';
import { invariant } from '../../units/invariant.ts';

export const amazonEventStreamMediaType = 'application/vnd.amazon.eventstream';

const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const STRING_HEADER = 7;
const encoder = new TextEncoder();

/** An event of a stream: its name, and its members as JSON. Bytes among them are base64 strings. */
export function encodeEventFrame(eventType: string, members: unknown): Uint8Array {
  return encodeJsonFrame(
    { ':event-type': eventType, ':content-type': 'application/json', ':message-type': 'event' },
    members,
  );
}

/** What ends a stream that is not whole: clients throw the exception that it names, and nothing comes after it. */
export function encodeExceptionFrame(exceptionType: string, members: unknown): Uint8Array {
  return encodeJsonFrame(
    { ':exception-type': exceptionType, ':content-type': 'application/json', ':message-type': 'exception' },
    members,
  );
}

/** Frames one after the other, as a stream carries them. */
export function joinedFrames(frames: readonly Uint8Array[]): Uint8Array {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) return only;
  const whole = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const frame of frames) {
    whole.set(frame, offset);
    offset += frame.length;
  }
  return whole;
}

function encodeJsonFrame(headers: Readonly<Record<string, string>>, members: unknown): Uint8Array {
  return encodeFrame({ headers, payload: encoder.encode(JSON.stringify(members)) });
}

/** One frame. Headers are strings of at most 32,767 bytes under names of at most 255. */
function encodeFrame({
  headers,
  payload,
}: {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}): Uint8Array {
  const head = joinedFrames(Object.entries(headers).map(([name, value]) => encodeStringHeader(name, value)));
  const frame = new Uint8Array(PRELUDE_BYTES + head.length + payload.length + CHECKSUM_BYTES);
  const view = new DataView(frame.buffer);
  view.setUint32(0, frame.length);
  view.setUint32(4, head.length);
  view.setUint32(8, crc32(frame.subarray(0, 8)));
  frame.set(head, PRELUDE_BYTES);
  frame.set(payload, PRELUDE_BYTES + head.length);
  const checksumAt = frame.length - CHECKSUM_BYTES;
  view.setUint32(checksumAt, crc32(frame.subarray(0, checksumAt)));
  return frame;
}

/** Length of the name (1), the name, the type (1), length of the value (2), the value. */
function encodeStringHeader(name: string, value: string): Uint8Array {
  const [nameBytes, valueBytes] = [encoder.encode(name), encoder.encode(value)];
  invariant(nameBytes.length < 2 ** 8 && valueBytes.length < 2 ** 15, 'a header of an event stream is short');
  const header = new Uint8Array(nameBytes.length + valueBytes.length + 4);
  header[0] = nameBytes.length;
  header.set(nameBytes, 1);
  const view = new DataView(header.buffer);
  view.setUint8(nameBytes.length + 1, STRING_HEADER);
  view.setUint16(nameBytes.length + 2, valueBytes.length);
  header.set(valueBytes, nameBytes.length + 4);
  return header;
}
