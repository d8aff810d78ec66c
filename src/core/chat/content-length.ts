import type { ModelEvent } from './model-event.ts';

/**
 * No model writes a longer answer: 128,000 tokens of 64 characters. What holds a whole answer in memory holds no more.
 */
export const ANSWER_CHARACTERS_MAX = 8_192_000;

/** Characters that an event adds to an answer: text, thoughts, tools' input. Proofs and citations are no content. */
export function contentLength(event: ModelEvent): number {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return event.text.length;
    case 'tool-use-delta':
      return event.inputJson.length;
    case 'reasoning-redacted':
      return event.dataBase64.length;
    default:
      return 0;
  }
}
