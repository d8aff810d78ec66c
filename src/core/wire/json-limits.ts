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
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case OPENING_BRACKET:
      case OPENING_BRACE:
        depth += 1;
        if (depth > JSON_DEPTH_MAX) return `must not be nested deeper than ${JSON_DEPTH_MAX} levels`;
        break;
      case CLOSING_BRACKET:
      case CLOSING_BRACE:
        depth -= 1;
        break;
      case COMMA:
        members += 1;
        if (members > JSON_MEMBERS_MAX) return `must not hold more than ${JSON_MEMBERS_MAX} members`;
    }
  }
  return undefined;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Where the string that begins at `start` has its last quote; the text's length where it has none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (first > start + 1 && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    // An odd backslash makes the quote part of the string.
    if ((end - first) % 2 === 0) return end;
  }
  return text.length;
}
