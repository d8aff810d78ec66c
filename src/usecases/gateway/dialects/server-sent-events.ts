/** Server-sent events as OpenAI and Anthropic write them: UTF-8, one `data` line an event. */
import type { ResumedStream } from './dialect.ts';

const encoder = new TextEncoder();
/** Of one UTF-16 unit. */
const UTF8_BYTES_PER_UNIT_MAX = 3;

export const eventStreamMediaType = 'text/event-stream; charset=utf-8';

export function sseComment(text: string): Uint8Array {
  return encoded(`: ${text}\n\n`);
}

/** Clients of server-sent events drop comments unread. */
export function sseResumed({ target, region, reach }: ResumedStream): Uint8Array {
  return sseComment(`spillway-resumed target=${target} region=${region} reach=${reach.join(',')}`);
}

/** Events without a name. A string is written as it is (`[DONE]`), everything else as JSON. */
export function sseData(events: readonly unknown[]): Uint8Array {
  let text = '';
  for (const event of events)
    text += `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`;
  return encoded(text);
}

/** One such event that is JSON already. */
export function sseJson(json: string): Uint8Array {
  return encoded(`data: ${json}\n\n`);
}

/** Events whose name is their `type`, as Anthropic and OpenAI's responses have them. */
export function sseTyped(events: readonly { readonly type: string }[]): Uint8Array {
  let text = '';
  for (const event of events) text += `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  return encoded(text);
}

/**
 * Memory that short events share, one behind the other and each written once: room of its own for each delta costs more
 * than the delta. An event that is kept keeps so much at most.
 */
const SHARED_BYTES = 16 * 1024;
let shared = new Uint8Array(SHARED_BYTES);
let sharedUsedBytes = 0;

function encoded(text: string): Uint8Array {
  const bytesMax = text.length * UTF8_BYTES_PER_UNIT_MAX;
  if (bytesMax > SHARED_BYTES / 4) return encoder.encode(text);
  if (sharedUsedBytes + bytesMax > SHARED_BYTES) {
    shared = new Uint8Array(SHARED_BYTES);
    sharedUsedBytes = 0;
  }
  const start = sharedUsedBytes;
  const end = asciiEnd(text, start) ?? start + encoder.encodeInto(text, shared.subarray(start)).written;
  sharedUsedBytes = end;
  return shared.subarray(start, end);
}

/** Up to here copying by hand takes no longer than asking the encoder, and makes nothing that has to be collected. */
const ASCII_UNITS_MAX = 512;

/** Writes a short text in ASCII; undefined where it is none. */
function asciiEnd(text: string, start: number): number | undefined {
  if (text.length > ASCII_UNITS_MAX) return undefined;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return undefined;
    shared[start + index] = unit;
  }
  return start + text.length;
}
