import { parseExactJson } from '#core/units/exact-json.ts';
import { jsonLimitViolation } from '#core/wire/json-limits.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { joinBytes } from './join-bytes.ts';
import { passed, refused, type Staged } from './stage.ts';

/** Largest body: room for a few images in base64. Lambda's own limit for a request is 6 MB. */
export const BODY_BYTES_MAX = 8_000_000;

const tooLarge = refused({
  code: 'request_too_large',
  message: `The body must not be longer than ${BODY_BYTES_MAX} bytes.`,
});
const utf8 = new TextDecoder('utf-8', { fatal: true });
const malformed = (message: string) => refused({ code: 'invalid_request', message });

/**
 * The body as JSON; reading stops at the limit, and depth is judged before anything is built from the text. A body that
 * is there already is no promise: most are, and each one that a request waits for is a turn of the queue.
 */
export function readJsonBody(request: GatewayRequest): Staged<unknown> | Promise<Staged<unknown>> {
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') {
    return malformed('The body must come without content-encoding.');
  }
  const announcedBytes = Number(request.headers.get('content-length') ?? Number.NaN);
  if (announcedBytes > BODY_BYTES_MAX) return tooLarge;
  const whole = request.body?.takeWhole?.(announcedBytes);
  return whole === undefined ? readBytes(request).then(judgeBytes) : judgeBytes(whole);
}

function judgeBytes(bytes: Uint8Array | 'too-large' | 'broken'): Staged<unknown> {
  if (bytes === 'too-large') return tooLarge;
  if (bytes === 'broken') return malformed('The body ended before it was whole.');
  if (bytes.length === 0) return malformed('The body must be a JSON object; it is empty.');
  return parseJson(bytes);
}

function parseJson(bytes: Uint8Array): Staged<unknown> {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return malformed('The body must be JSON in UTF-8.');
  }
  const violation = jsonLimitViolation(text);
  if (violation !== undefined) return malformed(`The body ${violation}.`);
  try {
    return passed(parseExactJson(text));
  } catch {
    return malformed('The body must be JSON; it cannot be parsed.');
  }
}

async function readBytes({ body }: GatewayRequest): Promise<Uint8Array | 'too-large' | 'broken'> {
  if (body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of body) {
      length += part.length;
      if (length > BODY_BYTES_MAX) return 'too-large';
      parts.push(part);
    }
  } catch {
    return 'broken';
  }
  return joinBytes(parts);
}
