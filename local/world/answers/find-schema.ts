import { isRecord } from '../body-check.ts';

const SEARCH_LIMIT = 64_000;
const CANDIDATES_MAX = 64;
const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean'];

/** The first JSON schema written out in a text that speaks of JSON, or undefined. */
export function findSchema(text: string): unknown {
  const searched = text.slice(0, SEARCH_LIMIT);
  if (!/json/i.test(searched)) return undefined;
  let at = searched.indexOf('{');
  for (let candidate = 0; at >= 0 && candidate < CANDIDATES_MAX; candidate += 1) {
    const end = endOfObject(searched, at);
    const value = end === undefined ? undefined : parse(searched.slice(at, end));
    if (isSchema(value)) return value;
    at = searched.indexOf('{', value === undefined ? at + 1 : (end ?? at + 1));
  }
  return undefined;
}

function isSchema(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return (
    isRecord(value.properties) || TYPES.includes(value.type as string) || typeof value.$schema === 'string'
  );
}

/** Index after the brace that closes the one at `start`; braces inside of strings do not count. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') index += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '{') depth += 1;
    else if (!quoted && character === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
