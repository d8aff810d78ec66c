/** Reads an upstream's error answer: names and texts only, what they mean is core's to say. */
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { UpstreamAnswer, UpstreamBody } from './upstream-exchange.ts';

/** An error's text is a line or two; a whole page of HTML from something in between is cut here. */
const ERROR_BYTES_MAX = 64 * 1024;
const MESSAGE_CHARACTERS_MAX = 2_000;

/** @param at epoch milliseconds, to turn a `retry-after` date into a duration */
export async function signalOfErrorAnswer(
  answer: UpstreamAnswer,
  service: UpstreamSignal['service'],
  at: number,
): Promise<UpstreamSignal> {
  const text = await readText(answer.body);
  const body = parseObject(text);
  const errorName = shortName(
    firstHeader(answer, 'x-amzn-errortype') ?? stringOf(body?.__type) ?? stringOf(body?.code) ?? '',
  );
  const message = stringOf(body?.message) ?? stringOf(body?.Message) ?? (body === undefined ? text : '');
  return {
    service,
    kind: 'answer',
    phase: 'before',
    errorName: errorName === '' ? undefined : errorName,
    httpStatus: answer.status,
    message: message.slice(0, MESSAGE_CHARACTERS_MAX),
    originalStatusCode: statusOf(body?.originalStatusCode) ?? statusOf(body?.OriginalStatusCode),
    retryAfterMs: retryAfterMs(firstHeader(answer, 'retry-after'), at),
  };
}

/** `ns#Name:http://...` is written by some services; the name alone counts. */
export function shortName(name: string): string {
  return (name.split(':')[0] ?? '').split('#').at(-1) ?? '';
}

export function statusOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599
    ? value
    : undefined;
}

/** Seconds or an HTTP date, as RFC 9110 has it; undefined when it is neither. */
export function retryAfterMs(value: string | undefined, at: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // `Date.parse` takes more than HTTP's own form, which begins with the day of the week.
  const date = /^[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - at);
}

export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function firstHeader(answer: UpstreamAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** As much of the text as arrives: a body that breaks off does not hide the status that came before it. */
async function readText(body: UpstreamBody): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes >= ERROR_BYTES_MAX) break;
    }
  } catch {
    // The head already says that the call failed; what is left of the text is a comfort.
  }
  body.destroy();
  return Buffer.concat(chunks).toString('utf8', 0, ERROR_BYTES_MAX);
}
