import type { Tenant, TenantDirectory } from '../ports/tenant-directory.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { passed, refused, type Staged } from './stage.ts';

/** Longer than any key, and than a token with a few dozen claims: not worth a look-up. */
const KEY_LENGTH_MAX = 8192;

/** Stage 1. Who calls, from the headers alone: `Authorization: Bearer <key or token>` or `x-api-key`. */
export async function identify(
  directory: TenantDirectory,
  headers: GatewayRequest['headers'],
): Promise<Staged<Tenant>> {
  const apiKey = keyOf(headers);
  if (apiKey === undefined) {
    return refused({
      code: 'invalid_api_key',
      message: 'An API key is needed, as "Authorization: Bearer <key>" or "x-api-key: <key>".',
    });
  }
  const identity = apiKey.length > KEY_LENGTH_MAX ? 'unknown' : await directory.identify(apiKey);
  if (identity === 'unknown') {
    return refused({ code: 'invalid_api_key', message: 'The API key or token is not known here.' });
  }
  if (identity === 'unavailable') {
    return refused({
      code: 'auth_unavailable',
      message: 'The API key or token cannot be checked at this moment. Try again shortly.',
      retryAfterMs: 1000,
    });
  }
  return passed(identity);
}

/** The bearer token goes first: clients that set both mean it. */
function keyOf(headers: GatewayRequest['headers']): string | undefined {
  const bearer = /^bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1];
  const key = bearer ?? headers.get('x-api-key')?.trim();
  return key === undefined || key === '' ? undefined : key;
}
