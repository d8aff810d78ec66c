/** JSON whose numbers stay what they were written as: a double holds whole numbers up to 2^53, and ids are longer. */

/** What the language has and the compiler's library does not know yet. */
interface SourceJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}

const sourceJson = JSON as unknown as SourceJson;

/** Whether a number of that many digits, or one with an exponent, may stand in a text. Costs less than a reviver. */
const maybeLong = /(?:^|[\s:,[])-?(?:\d{16}|[\d.]+[eE]\+?\d\d)/;

/**
 * As `JSON.parse`; a number that a double cannot hold becomes a value that `JSON.stringify` writes as it stood.
 *
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  return maybeLong.test(text) ? sourceJson.parse(text, asWritten) : JSON.parse(text);
}

/** A JSON object: no list, no null, no number that was kept as it was written. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !sourceJson.isRawJSON(value);
}

function asWritten(_: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  const held = Math.abs(value) <= Number.MAX_SAFE_INTEGER || String(value) === source;
  return held ? value : sourceJson.rawJSON(source);
}
