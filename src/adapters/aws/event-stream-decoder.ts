/**
 * Reads `application/vnd.amazon.eventstream` as it arrives, cut anywhere.
 *
 * Frame, big-endian: total length (4), header length (4), CRC-32 of those eight bytes (4), headers, payload, CRC-32 of
 * all before it (4). A frame is handed out only when both checksums hold, so a damaged byte is never taken for text.
 */
import { crc32 as longCrc32 } from 'node:zlib';
import { crc32 } from '#core/units/crc-32.ts';

type FrameHeaders = Readonly<Record<string, string>>;

/** A piece of a packet: a part of it is made only where it is asked for. */
export class EventStreamFrame {
  /** String headers by name; others are skipped, since none of the services used here sends one that matters. */
  readonly headers: FrameHeaders;
  readonly #packet: Buffer;
  readonly #start: number;
  readonly #payloadAt: number;
  readonly #end: number;

  constructor(
    headers: FrameHeaders,
    packet: Buffer,
    { start, payloadAt, end }: { readonly start: number; readonly payloadAt: number; readonly end: number },
  ) {
    this.headers = headers;
    this.#packet = packet;
    this.#start = start;
    this.#payloadAt = payloadAt;
    this.#end = end;
  }

  get payload(): Buffer {
    return this.#packet.subarray(this.#payloadAt, this.#end - CHECKSUM_BYTES);
  }

  /** The payload as UTF-8. */
  get text(): string {
    return this.#packet.toString('utf8', this.#payloadAt, this.#end - CHECKSUM_BYTES);
  }

  /** The whole frame as it came. */
  get bytes(): Buffer {
    return this.#packet.subarray(this.#start, this.#end);
  }
}

/** Bytes that are not a frame. The stream cannot be read on after it. */
export class EventStreamError extends Error {
  override readonly name = 'EventStreamError';
}

const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
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

/** Headers, and the bytes that they were read from. */
class KnownHeaders {
  readonly bytes: Buffer;
  readonly headers: FrameHeaders;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.headers = readHeaders(bytes);
  }

  standAt(packet: Buffer, start: number, end: number): boolean {
    const { bytes } = this;
    return end - start === bytes.length && packet.compare(bytes, 0, bytes.length, start, end) === 0;
  }
}

/** Never added to. */
const noParts: Buffer[] = [];
const noFrames: EventStreamFrame[] = [];

export class EventStreamDecoder {
  #parts: Buffer[] = noParts;
  #heldBytes = 0;
  /** What must be there before the next step can be taken: a prelude, then the frame it announces. */
  #neededBytes = PRELUDE_BYTES;
  /** The headers read last: those of one delta after the other are the same, byte for byte. */
  #known = new KnownHeaders(Buffer.alloc(0));

  /**
   * Takes the next bytes and answers the frames that they complete, oldest first.
   *
   * @throws EventStreamError on a wrong checksum or an impossible length
   */
  push(chunk: Uint8Array): readonly EventStreamFrame[] {
    // A list of one takes a fifth of what a list takes that one is added to.
    if (this.#parts.length === 0) this.#parts = [asBuffer(chunk)];
    else if (chunk.byteLength > 0) this.#parts.push(asBuffer(chunk));
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
    let frames: EventStreamFrame[] = noFrames;
    let offset = 0;
    this.#neededBytes = PRELUDE_BYTES;
    while (bytes.length - offset >= PRELUDE_BYTES) {
      const totalBytes = frameBytes(bytes, offset);
      if (bytes.length - offset < totalBytes) {
        this.#neededBytes = totalBytes;
        break;
      }
      const frame = this.#readFrame(bytes, offset, offset + totalBytes);
      if (frames === noFrames) frames = [frame];
      else frames.push(frame);
      offset += totalBytes;
    }
    this.#heldBytes = bytes.length - offset;
    this.#parts = this.#heldBytes > 0 ? [bytes.subarray(offset)] : noParts;
    return frames;
  }

  #readFrame(packet: Buffer, start: number, end: number): EventStreamFrame {
    const checksumAt = end - CHECKSUM_BYTES;
    if (checksum(packet, start, checksumAt) !== packet.readUInt32BE(checksumAt)) {
      throw new EventStreamError('the checksum of an event-stream frame is wrong');
    }
    const headersAt = start + PRELUDE_BYTES;
    const payloadAt = headersAt + packet.readUInt32BE(start + 4);
    const headers = this.#headersOf(packet, headersAt, payloadAt);
    return new EventStreamFrame(headers, packet, { start, payloadAt, end });
  }

  #headersOf(packet: Buffer, start: number, end: number): FrameHeaders {
    if (!this.#known.standAt(packet, start, end)) this.#known = knownHeaders(packet, start, end);
    return this.#known.headers;
  }
}

/** What comes off a socket is one already. */
function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** Headers that streams begin and end with are few, and the same in all of them: read once for every decoder. */
const known: KnownHeaders[] = [];
const KNOWN_MAX = 16;
/** Longer ones are no event's. */
const KNOWN_BYTES_MAX = 256;

function knownHeaders(packet: Buffer, start: number, end: number): KnownHeaders {
  const seen = known.find((each) => each.standAt(packet, start, end));
  if (seen !== undefined) return seen;
  // A copy is kept: a part of the packet would keep all of it.
  const read = new KnownHeaders(Buffer.from(packet.subarray(start, end)));
  if (read.bytes.length > KNOWN_BYTES_MAX) return read;
  if (known.length === KNOWN_MAX) known.shift();
  known.push(read);
  return read;
}

/** From here on zlib's is quicker, for all that it costs to ask it. */
const LONG_BYTES = 768;

function checksum(packet: Buffer, start: number, end: number): number {
  return end - start < LONG_BYTES ? crc32(packet, start, end) : longCrc32(packet.subarray(start, end));
}

/** The length that a prelude announces, once its checksum holds. */
function frameBytes(bytes: Buffer, offset: number): number {
  if (crc32(bytes, offset, offset + 8) !== bytes.readUInt32BE(offset + 8)) {
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
