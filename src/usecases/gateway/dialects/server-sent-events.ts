/** Server-sent events as OpenAI and Anthropic write them: UTF-8, one `data` line an event. */
import type { ResumedStream } from './dialect.ts';

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

/** Events whose name is their `type`, as Anthropic and OpenAI's responses have them. */
export function sseTyped(events: readonly { readonly type: string }[]): Uint8Array {
  let text = '';
  for (const event of events) text += `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  return encoded(text);
}

/** A place in memory that many share: a `TextEncoder` makes one for each delta, at twice the price. */
function encoded(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
