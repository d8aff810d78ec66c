import { gatewayErrorStatus } from '#contract/http.ts';
import { plantedToken } from './seeds.ts';

const codes = Object.keys(gatewayErrorStatus);
const statuses = new Set<number>([200, ...Object.values(gatewayErrorStatus)]);
const internals = /node_modules|\.ts:\d|at [A-Za-z.]+ \(|ZodError|TypeError|LKIA\d|undefined is not/;

export interface FuzzedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What is wrong with an answer, whatever was asked; undefined when nothing is. */
export function complaintAbout({ status, headers, text }: FuzzedAnswer): string | undefined {
  if (status === gatewayErrorStatus.internal_error) return 'a defect: internal_error';
  if (!statuses.has(status)) return `a status of nobody's: ${status}`;
  if ((headers.get('x-spillway-request-id') ?? '') === '') return 'no request id';
  if (internals.test(text)) return 'internals in the answer';
  if (status === 200) return undefined;
  if (!(headers.get('content-type') ?? '').startsWith('application/json')) return 'an error that is no JSON';
  const code = codeIn(text);
  if (code === undefined) return 'an error without a code';
  const expected = gatewayErrorStatus[code as keyof typeof gatewayErrorStatus];
  return expected === status
    ? undefined
    : `the code ${code} with the status ${status} instead of ${expected}`;
}

/** The stable code of an error in any wire format. */
function codeIn(text: string): string | undefined {
  const found: string[] = [];
  try {
    JSON.parse(text, (key, value: unknown) => {
      if (key === 'code' && typeof value === 'string') found.push(value);
      return value;
    });
  } catch {
    return undefined;
  }
  return found.find((code) => codes.includes(code));
}

/** What a caller wrote must stand in no log line. */
export function leaksInto(line: string): boolean {
  return line.includes(plantedToken);
}
