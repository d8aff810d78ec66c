import type { ReasoningBlock } from '../../chat/chat-request.ts';

/**
 * What proves a thought travels as the `encrypted_content` of a reasoning item: opaque to callers, and told apart by
 * a word in front, since a hidden thought has no text beside it.
 */
const SIGNATURE = 'signature:';
const REDACTED = 'redacted:';

export const sealSignature = (signature: string): string => `${SIGNATURE}${signature}`;
export const sealRedacted = (dataBase64: string): string => `${REDACTED}${dataBase64}`;

/** The thought that was sealed, or the sentence that says what is wrong with it. */
export function unseal(sealed: string, text: string): ReasoningBlock | string {
  if (sealed.startsWith(REDACTED) && sealed.length > REDACTED.length)
    return { reasoning: { redactedBase64: sealed.slice(REDACTED.length) } };
  if (sealed.startsWith(SIGNATURE) && sealed.length > SIGNATURE.length)
    return { reasoning: { text, signature: sealed.slice(SIGNATURE.length) } };
  return 'must be as an answer of this gateway gave it: another provider cannot read it either';
}
