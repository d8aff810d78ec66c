/**
 * Reads `application/vnd.amazon.eventstream` as it arrives, cut anywhere.
 *
 * Frame, big-endian: total length (4), header length (4), CRC-32 of those eight bytes (4), headers, payload, CRC-32 of
 * all before it (4). A frame is handed out only when both checksums hold, so a damaged byte is never taken for text.
 */
import { crc32 } from 'node:zlib';

export interface EventStreamFrame {
  /** String headers by name; others are skipped, since none of the services used here sends one that matters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** Bytes that are not a frame. The stream cannot be read on after it. */
export class EventStreamError extends Error {
  override readonly name = 'EventStreamError';
}

const PRELUDE_BYTES = 12;
const FRAME_BYTES_MIN = 16;
/** AWS bounds a frame to 24 MiB and its headers to 128 KiB; a length beyond it is noise, not a reason to wait. */
const FRAME_BYTES_MAX = 24 * 1024 * 1024;
const HEADER_BYTES_MAX = 128 * 1024;

const STRING_HEADER = 7;
/** Bytes of a header value by its type; types 6 and 7 carry their own length. */
const HEADER_VALUE_BYTES: Readonly<Record<number, number>> = {
  0: 0,
  1: 0,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  8: 8,
  9: 16,
};

export class EventStreamDecoder {
  #parts: Buffer[] = [];
  #heldBytes = 0;
  /** What must be there before the next step can be taken: a prelude, then the frame it announces. */
  #neededBytes = PRELUDE_BYTES;
  /** The headers read last: those of one delta after the other are the same, byte for byte. */
  #known: KnownHeaders = { bytes: Buffer.alloc(0), headers: {} };

  /**
   * Takes the next bytes and answers the frames that they complete, oldest first.
   *
   * @throws EventStreamError on a wrong checksum or an impossible length
   */
  push(chunk: Uint8Array): readonly EventStreamFrame[] {
    if (chunk.byteLength > 0) this.#parts.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#heldBytes += chunk.byteLength;
    if (this.#heldBytes < this.#neededBytes) return [];
    return this.#takeFrames(
      this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts),
    );
  }

  /** Bytes of a frame that has begun and not ended. Above 0 at the end of the stream, the stream was cut. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  #takeFrames(bytes: Buffer): readonly EventStreamFrame[] {
    const frames: EventStreamFrame[] = [];
    let offset = 0;
    this.#neededBytes = PRELUDE_BYTES;
    while (bytes.length - offset >= PRELUDE_BYTES) {
      const totalBytes = frameBytes(bytes, offset);
      if (bytes.length - offset < totalBytes) {
        this.#neededBytes = totalBytes;
        break;
      }
      frames.push(this.#readFrame(bytes.subarray(offset, offset + totalBytes)));
      offset += totalBytes;
    }
    this.#heldBytes = bytes.length - offset;
    this.#parts = this.#heldBytes > 0 ? [bytes.subarray(offset)] : [];
    return frames;
  }

  #readFrame(frame: Buffer): EventStreamFrame {
    const checksumAt = frame.length - 4;
    if (crc32(frame.subarray(0, checksumAt)) !== frame.readUInt32BE(checksumAt)) {
      throw new EventStreamError('the checksum of an event-stream frame is wrong');
    }
    const payloadAt = PRELUDE_BYTES + frame.readUInt32BE(4);
    return {
      headers: this.#headersOf(frame.subarray(PRELUDE_BYTES, payloadAt)),
      payload: frame.subarray(payloadAt, checksumAt),
    };
  }

  #headersOf(bytes: Buffer): Readonly<Record<string, string>> {
    // A copy is kept: a part of the packet would keep all of it.
    if (!this.#known.bytes.equals(bytes))
      this.#known = { bytes: Buffer.from(bytes), headers: readHeaders(bytes) };
    return this.#known.headers;
  }
}

interface KnownHeaders {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The length that a prelude announces, once its checksum holds. */
function frameBytes(bytes: Buffer, offset: number): number {
  if (crc32(bytes.subarray(offset, offset + 8)) !== bytes.readUInt32BE(offset + 8)) {
    throw new EventStreamError('the prelude checksum of an event-stream frame is wrong');
  }
  const totalBytes = bytes.readUInt32BE(offset);
  const headerBytes = bytes.readUInt32BE(offset + 4);
  const lengthsFit =
    totalBytes >= FRAME_BYTES_MIN + headerBytes &&
    totalBytes <= FRAME_BYTES_MAX &&
    headerBytes <= HEADER_BYTES_MAX;
  if (!lengthsFit) {
    throw new EventStreamError(
      `an event-stream frame announces ${totalBytes} bytes with ${headerBytes} bytes of headers`,
    );
  }
  return totalBytes;
}

function readHeaders(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  let offset = 0;
  while (offset < bytes.length) {
    const nameEnd = offset + 1 + bytes.readUInt8(offset);
    const name = bytes.toString('utf8', offset + 1, nameEnd);
    const { start, end, type } = valueBounds(bytes, nameEnd);
    if (type === STRING_HEADER) headers[name] = bytes.toString('utf8', start, end);
    offset = end;
  }
  return headers;
}

/** Where the value behind a header's name lies. */
function valueBounds(bytes: Buffer, typeAt: number): { start: number; end: number; type: number } {
  if (typeAt >= bytes.length) throw new EventStreamError('an event-stream header is cut');
  const type = bytes.readUInt8(typeAt);
  const fixedBytes = HEADER_VALUE_BYTES[type];
  const start = typeAt + (fixedBytes === undefined ? 3 : 1);
  if (start > bytes.length) throw new EventStreamError('an event-stream header is cut');
  const end = start + (fixedBytes ?? bytes.readUInt16BE(typeAt + 1));
  const typeKnown = fixedBytes !== undefined || type === 6 || type === STRING_HEADER;
  if (!typeKnown || end > bytes.length)
    throw new EventStreamError(`an event-stream header of type ${type} is cut or unknown`);
  return { start, end, type };
}
