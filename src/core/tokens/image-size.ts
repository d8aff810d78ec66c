export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

type Format = 'png' | 'jpeg' | 'gif' | 'webp';

/** Enough of a file for every header but those of photographs with long notes in front. */
const HEAD_CHARACTERS = 65_536;

/** Pixels of an image as its own head tells; undefined where that cannot be read. */
export function imageSizeOf(format: Format, bytesBase64: string): ImageSize | undefined {
  const head = bytesOf(bytesBase64.slice(0, format === 'jpeg' ? HEAD_CHARACTERS : 64));
  if (head === undefined) return undefined;
  const size = sizeIn(format, head);
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

function sizeIn(format: Format, head: Uint8Array): ImageSize | undefined {
  const view = new DataView(head.buffer);
  switch (format) {
    case 'png':
      return head.length < 24 ? undefined : { width: view.getUint32(16), height: view.getUint32(20) };
    case 'gif':
      return head.length < 10
        ? undefined
        : { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    case 'webp':
      return webpSize(view);
    case 'jpeg':
      return jpegSize(view);
  }
}

/** Three kinds of WebP, told apart by the fourth letter of the first chunk's name. */
function webpSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 30) return undefined;
  const low = (at: number) => view.getUint16(at, true);
  switch (view.getUint8(15)) {
    case 0x20:
      return { width: low(26) & 0x3fff, height: low(28) & 0x3fff };
    case 0x4c: {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x58:
      return {
        width: (low(24) | (view.getUint8(26) << 16)) + 1,
        height: (low(27) | (view.getUint8(29) << 16)) + 1,
      };
    default:
      return undefined;
  }
}

const MARKER = 0xff;

/** Walks the segments up to the one that starts a frame. */
function jpegSize(view: DataView): ImageSize | undefined {
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === MARKER) {
    const kind = view.getUint8(at + 1);
    if (startsFrame(kind)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function startsFrame(kind: number): boolean {
  return kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  const whole = base64.slice(0, base64.length - (base64.length % 4));
  if (!/^[A-Za-z0-9+/]*=*$/.test(whole)) return undefined;
  try {
    return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
