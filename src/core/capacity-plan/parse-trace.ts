import type { SeenCall } from './traffic.ts';

/** Names of the columns of a trace. */
export interface TraceColumns {
  readonly arrival: string;
  readonly input: string;
  readonly output: string;
}

/** How arrivals are written: numbers since anywhere, or dates of ISO 8601 (a space for `T`, UTC without a zone). */
export type ArrivalUnit = 'seconds' | 'milliseconds' | 'date';

interface TraceViolation {
  /** `line 3, column input_tokens`; lines count from 1, the heading is the first. */
  readonly place: string;
  readonly message: string;
}

export type ParsedTrace =
  | { readonly kind: 'calls'; readonly calls: readonly SeenCall[] }
  | { readonly kind: 'wrong'; readonly violations: readonly TraceViolation[] };

const TOKENS_MAX = 100_000_000;

/** A CSV with a heading, fields between commas; quotes around a field are taken off. All violations at once. */
export function parseTrace(
  text: string,
  form: { readonly columns: TraceColumns; readonly unit: ArrivalUnit },
): ParsedTrace {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const heading = fieldsOf(lines[0] ?? '');
  const names = [form.columns.arrival, form.columns.input, form.columns.output];
  const places = names.map((name) => heading.indexOf(name));
  const missing = names.filter((_, index) => places[index] === -1);
  if (missing.length > 0) {
    const message = `has no ${missing.map((name) => `"${name}"`).join(', ')}; it has ${heading.join(', ')}`;
    return { kind: 'wrong', violations: [{ place: 'line 1', message }] };
  }
  const violations: TraceViolation[] = [];
  const calls: SeenCall[] = [];
  lines.forEach((line, index) => {
    if (index === 0 || line.trim() === '') return;
    const fields = fieldsOf(line);
    const [arrival, input, output] = places.map((place) => fields[place] ?? '');
    const values = {
      atSeconds: secondsOf(arrival ?? '', form.unit),
      inputTokens: tokensOf(input ?? ''),
      outputTokens: tokensOf(output ?? ''),
    };
    const before = violations.length;
    const refuse = (name: string, field: string | undefined, right: string) =>
      violations.push({ place: `line ${index + 1}, column ${name}`, message: `"${field}" must be ${right}` });
    if (values.atSeconds === undefined) refuse(form.columns.arrival, arrival, rightArrival[form.unit]);
    if (values.inputTokens === undefined) refuse(form.columns.input, input, RIGHT_TOKENS);
    if (values.outputTokens === undefined) refuse(form.columns.output, output, RIGHT_TOKENS);
    if (violations.length === before) calls.push(values as SeenCall);
  });
  if (violations.length > 0) return { kind: 'wrong', violations };
  if (calls.length > 0) return { kind: 'calls', calls };
  return { kind: 'wrong', violations: [{ place: 'line 2', message: 'must be a call; the trace has none' }] };
}

const RIGHT_TOKENS = `a whole number from 0 to ${TOKENS_MAX}`;
const rightArrival: Readonly<Record<ArrivalUnit, string>> = {
  seconds: 'a number of seconds',
  milliseconds: 'a number of milliseconds',
  date: 'a date such as 2026-11-21T07:30:00Z',
};

function fieldsOf(line: string): readonly string[] {
  return line.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
}

function tokensOf(field: string): number | undefined {
  const tokens = field === '' ? Number.NaN : Number(field);
  return Number.isInteger(tokens) && tokens >= 0 && tokens <= TOKENS_MAX ? tokens : undefined;
}

function secondsOf(field: string, unit: ArrivalUnit): number | undefined {
  const value = unit === 'date' ? dateMs(field) : field === '' ? Number.NaN : Number(field);
  if (!Number.isFinite(value)) return undefined;
  return unit === 'seconds' ? value : value / 1_000;
}

const DATE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

function dateMs(field: string): number {
  const [, day, time, fraction = '', zone = 'Z'] = DATE.exec(field) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${fraction.slice(0, 4)}${zone}`);
}
