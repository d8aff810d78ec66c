/** Server-sent events as OpenAI and Anthropic write them: UTF-8, one `data` line an event. */
import type { ResumedStream } from './dialect.ts';

const encoder = new TextEncoder();

export const eventStreamMediaType = 'text/event-stream; charset=utf-8';

export function sseComment(text: string): Uint8Array {
  return encoder.encode(`: ${text}\n\n`);
}

/** Clients of server-sent events drop comments unread. */
export function sseResumed({ target, region, reach }: ResumedStream): Uint8Array {
  return sseComment(`spillway-resumed target=${target} region=${region} reach=${reach.join(',')}`);
}

/** Events without a name. A string is written as it is (`[DONE]`), everything else as JSON. */
export function sseData(events: readonly unknown[]): Uint8Array {
  return encoder.encode(
    events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join(''),
  );
}

/** Events whose name is their `type`, as Anthropic and OpenAI's responses have them. */
export function sseTyped(events: readonly { readonly type: string }[]): Uint8Array {
  return encoder.encode(
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  );
}
