import { gist } from './compose-text.ts';
import { hashId } from './hash.ts';
import { tokenize } from './tokens.ts';

/** A thought before the answer: shown and signed, or hidden. */
export type Thought =
  | { readonly kind: 'reasoning'; readonly tokens: readonly string[]; readonly signature: string }
  | { readonly kind: 'redacted'; readonly tokens: readonly []; readonly data: string };

/** A text that Anthropic documents: a prompt that holds it is thought about in hiding. */
const HIDDEN_ON_REQUEST =
  'ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB';
const HIDDEN_MARK = 'hidden thought ';

/** What the model thinks of a question: one thought, of at most so many tokens. */
export function thoughtsOn(question: string, tokensMax: number): readonly Thought[] {
  if (question.includes(HIDDEN_ON_REQUEST)) {
    const data = Buffer.from(`${HIDDEN_MARK}${hashId(question)}`).toString('base64');
    return [{ kind: 'redacted', tokens: [], data }];
  }
  const text = `The question is “${gist(question)}”. I weigh what it asks for, then answer.`;
  const tokens = tokenize(text).slice(0, tokensMax);
  return tokens.length === 0 ? [] : [{ kind: 'reasoning', tokens, signature: signatureOf(tokens.join('')) }];
}

/** Proves that a thought is the model's own. */
export function signatureOf(text: string): string {
  return Buffer.from(`thought ${hashId(text)}`).toString('base64');
}

/** Whether a hidden thought is one that the model gave. */
export function isHiddenThought(data: Uint8Array): boolean {
  return Buffer.from(data).toString('utf8').startsWith(HIDDEN_MARK);
}
