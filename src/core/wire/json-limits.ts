/** Deeper than any tool schema that a model understands, and shallow enough for every recursive reader. */
export const JSON_DEPTH_MAX = 64;
/** Far more than a conversation holds; a body of nothing but tiny members costs a hundred times its length in memory. */
export const JSON_MEMBERS_MAX = 250_000;

/**
 * What is too much about a JSON text, before anything is built from it; undefined when nothing is. Counts brackets and
 * commas outside of strings, and needs no valid JSON.
 */
export function jsonLimitViolation(text: string): string | undefined {
  let depth = 0;
  let members = 1;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) return `must not be nested deeper than ${JSON_DEPTH_MAX} levels`;
    } else if (character === ']' || character === '}') depth -= 1;
    else if (character === ',') members += 1;
    if (members > JSON_MEMBERS_MAX) return `must not hold more than ${JSON_MEMBERS_MAX} members`;
  }
  return undefined;
}
