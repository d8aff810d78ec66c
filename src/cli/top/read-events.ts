import { type LiveEvent, liveEventSchema } from '#contract/live.ts';
import { parseAnswerText } from '../parse-answer-text.ts';

export interface ReadEvent {
  readonly id: string;
  readonly event: LiveEvent;
}

/** No event is near it: a stream without an end to its lines is none of ours. */
const PENDING_CHARACTERS_MAX = 4_000_000;

/**
 * Live events from the pieces of an answer, which may be cut anywhere. What is no event of this version is passed over.
 *
 * @throws RangeError for an event of more than 4,000,000 characters
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ReadEvent> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const bytes of body) {
    pending += decoder.decode(bytes, { stream: true });
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    if (pending.length > PENDING_CHARACTERS_MAX)
      throw new RangeError(`an event is longer than ${PENDING_CHARACTERS_MAX} characters`);
    for (const block of blocks) {
      const read = readBlock(block);
      if (read !== undefined) yield read;
    }
  }
}

function readBlock(block: string): ReadEvent | undefined {
  const lines = block.split('\n');
  const fieldOf = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const data = fieldOf('data');
  if (data === undefined) return undefined;
  const parsed = liveEventSchema.safeParse(parseAnswerText(data));
  return parsed.success ? { id: fieldOf('id') ?? '', event: parsed.data } : undefined;
}
