import { hashText } from '../../world/answers/hash.ts';

const HELD_BACK_MAX = 12;

/**
 * Cuts texts into byte parts as SageMaker does: where it happens to, in the middle of lines and of characters. About
 * one part in three ends with its text, the others leave some bytes to the next. Where it cuts depends on the texts
 * alone.
 */
export async function* cutParts(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Uint8Array = new Uint8Array();
  for await (const text of texts) {
    const bytes = Buffer.concat([held, Buffer.from(text)]);
    const hash = hashText(text);
    const back =
      hash % 3 === 0 || bytes.length < 2 ? 0 : 1 + (hash % Math.min(HELD_BACK_MAX, bytes.length - 1));
    const part = bytes.subarray(0, bytes.length - back);
    held = bytes.subarray(part.length);
    if (part.length > 0) yield part;
  }
  if (held.length > 0) yield held;
}
