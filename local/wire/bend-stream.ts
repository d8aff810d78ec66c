/** A stream's events as a fault rule bends them: flooded, or without what they say of usage. Ends in good order. */
import type { FaultRule } from '../control/fault-rules.ts';

type StreamEvent = Readonly<Record<string, unknown>>;
type StreamEvents = AsyncIterable<StreamEvent>;

/** Characters of text in one flooded frame. */
const FLOOD_TEXT = 'flood '.repeat(10_000);
/** How each line of TGI's own format begins. Where OpenAI's chunks stand, a space follows the colon. */
const TGI_LINE = 'data:{';

export function bendStream(events: StreamEvents, fault: FaultRule | undefined): StreamEvents {
  switch (fault?.kind) {
    case 'flood':
      return flooded(events, fault.bytes ?? 0);
    case 'omit-usage':
      return withoutUsage(events);
    default:
      return events;
  }
}

/** So many bytes of text as the first content, then the answer as it is. */
async function* flooded(events: StreamEvents, bytes: number): AsyncGenerator<StreamEvent> {
  let left = bytes;
  for await (const event of events) {
    // Converse's stream begins with its role; a container's may begin with text.
    if ('messageStart' in event) yield event;
    for (; left > 0; left -= FLOOD_TEXT.length) yield floodedLike(event);
    if (!('messageStart' in event)) yield event;
  }
}

function floodedLike(event: StreamEvent): StreamEvent {
  if (!('PayloadPart' in event))
    return { contentBlockDelta: { contentBlockIndex: 0, delta: { text: FLOOD_TEXT } } };
  const { Bytes } = event.PayloadPart as { readonly Bytes: Uint8Array };
  if (Buffer.from(Bytes).toString('latin1').startsWith(TGI_LINE)) {
    const token = { id: 0, text: FLOOD_TEXT, logprob: -0.5, special: false };
    return partOf(`${TGI_LINE}${JSON.stringify({ index: 0, token, generated_text: null }).slice(1)}\n\n`);
  }
  const chunk = { choices: [{ index: 0, delta: { content: FLOOD_TEXT }, finish_reason: null }] };
  return partOf(`data: ${JSON.stringify(chunk)}\n\n`);
}

async function* withoutUsage(events: StreamEvents): AsyncGenerator<StreamEvent> {
  let held = '';
  for await (const event of events) {
    if ('metadata' in event) continue;
    const part = event.PayloadPart as { readonly Bytes: Uint8Array } | undefined;
    if (part === undefined) {
      yield event;
      continue;
    }
    // A container's lines are cut anywhere; latin1 keeps every byte as it is.
    const lines = (held + Buffer.from(part.Bytes).toString('latin1')).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines.filter((each) => !each.includes('"usage":{')))
      yield partOf(`${withoutInputLength(line)}\n`, 'latin1');
  }
  if (held !== '') yield partOf(held, 'latin1');
}

/** TGI's last line stays: it ends the answer too, and older versions leave the prompt's length out of it. */
function withoutInputLength(line: string): string {
  return line.startsWith(TGI_LINE) ? line.replace(/,"input_length":\d+/, '') : line;
}

function partOf(text: string, encoding: BufferEncoding = 'utf8'): StreamEvent {
  return { PayloadPart: { Bytes: new Uint8Array(Buffer.from(text, encoding)) } };
}
