import type { Identity, Tenant, TenantDirectory } from '../ports/tenant-directory.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { passed, type Refusal, refused, type Staged } from './stage.ts';

/** Longer than any key, and than a token with a few dozen claims: not worth a look-up. */
const KEY_LENGTH_MAX = 8192;

/** What tells who calls: the credential that a header shows, or the front door's word on who signed. */
export type CallerEvidence = Pick<GatewayRequest, 'headers' | 'principal' | 'tenant'>;

/**
 * Stage 1. Who calls: the tenant for whom the product asks by itself; whoever signed the request, where the front door verifies signatures, and a key beside it says
 * nothing then; else by the headers alone, `Authorization: Bearer <key or token>` or `x-api-key`.
 */
export function identify(
  directory: TenantDirectory,
  { headers, principal, tenant: stored }: CallerEvidence,
): Staged<Tenant> | Promise<Staged<Tenant>> {
  if (stored !== undefined) return passed(stored);
  if (principal !== undefined && directory.identifyPrincipal !== undefined) {
    const tenant = directory.identifyPrincipal(principal);
    return tenant === 'unknown' ? refused(foreignPrincipal) : passed(tenant);
  }
  const apiKey = keyOf(headers);
  if (apiKey === undefined) return refused(missingKey);
  const identity = apiKey.length > KEY_LENGTH_MAX ? 'unknown' : directory.identify(apiKey);
  return identity instanceof Promise ? identity.then(opened) : opened(identity);
}

function opened(identity: Identity): Staged<Tenant> {
  if (identity === 'unknown') return refused(unknownKey);
  return identity === 'unavailable' ? refused(keyUncheckable) : passed(identity);
}

const foreignPrincipal: Refusal = {
  code: 'principal_not_allowed',
  message: 'The IAM role or user that signed this request belongs to no tenant here.',
};

const missingKey: Refusal = {
  code: 'invalid_api_key',
  message: 'An API key is needed, as "Authorization: Bearer <key>" or "x-api-key: <key>".',
};

const unknownKey: Refusal = {
  code: 'invalid_api_key',
  message: 'The API key or token is not known here.',
};

export const keyUncheckable: Refusal = {
  code: 'auth_unavailable',
  message: 'The API key or token cannot be checked at this moment. Try again shortly.',
  retryAfterMs: 1000,
};

/** The bearer token goes first: clients that set both mean it. */
export function keyOf(headers: GatewayRequest['headers']): string | undefined {
  const bearer = /^bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1];
  const key = bearer ?? headers.get('x-api-key')?.trim();
  return key === undefined || key === '' ? undefined : key;
}
