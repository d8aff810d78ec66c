/** Which columns of somebody's CSV say what. */

/** How a column tells time: an offset in that unit, or an instant. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'iso';

/** Milliseconds of one of each. Instants are read as such. */
const MILLISECONDS: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = {
  s: 1000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
};

export interface CsvMapping {
  /** Offsets and epoch times alike: the earliest request of the file is the start of the trace. */
  readonly arrival: { readonly column: string; readonly unit: TimeUnit };
  readonly inputTokens: { readonly column: string };
  readonly outputTokens: { readonly column: string };
  readonly region?: { readonly column: string };
  readonly model?: { readonly column: string };
  readonly tenant?: { readonly column: string };
  /** @default ',' */
  readonly separator?: string;
}

/** A value, or what would have been one. */
type Read<Value> = { readonly value: Value } | { readonly want: string };

/** Milliseconds of a column of time. */
export function readTime(text: string, unit: TimeUnit): Read<number> {
  if (unit === 'iso') {
    // As the exports of data stores write it: a space for the T, more digits than a millisecond has, UTC unless told.
    const iso = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) ? text.trim().replace(' ', 'T') : '';
    const value = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso}Z`);
    return Number.isNaN(value) ? { want: 'an instant like 2026-11-22T08:30:00Z' } : { value };
  }
  const number = numberOf(text);
  return number === undefined ? { want: `a number of ${unit}` } : { value: number * MILLISECONDS[unit] };
}

/** Tokens: whole, and 0 or more. An answer of none is counted as of one: no engine gives none. */
export function readTokens(text: string): Read<number> {
  const number = numberOf(text);
  return number === undefined || number < 0 || !Number.isInteger(number) || number > TOKENS_MAX
    ? { want: 'a whole number of tokens, 0 or more' }
    : { value: Math.max(1, number) };
}

/** What a column of 32 bits holds. */
const TOKENS_MAX = 2_147_483_647;

function numberOf(text: string): number | undefined {
  // Number('') is 0, and Number('0x10') is 16: neither is what a trace means.
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}
