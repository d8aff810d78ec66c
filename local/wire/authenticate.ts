import type { Caller } from '../service.ts';
import { identify } from './access-keys.ts';
import { type ChunkedBody, verifyChunks } from './aws-chunked.ts';
import type { Exchange } from './exchange.ts';
import type { WireService } from './service-table.ts';
import type { PresignedClaims, SignatureClaims } from './signature-claims.ts';
import { chunkSigning, verifySignature } from './verify-signature.ts';
import { WireError } from './wire-error.ts';

/** Who calls, and for which region the call is signed. */
export interface Identity {
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
}

interface Proof {
  readonly claims: SignatureClaims | PresignedClaims | undefined;
  readonly raw: Buffer;
  readonly service: WireService | undefined;
  readonly chunked: ChunkedBody | undefined;
}

/** Verifies what a call claims. Throws a 403 that says what is wrong. */
export function authenticate(
  { method, rawUrl, headers }: Exchange,
  { claims, raw, service, chunked }: Proof,
): Identity {
  if (claims === undefined) throw missingSignature(headers.authorization);
  const isObjectStore = service?.protocol === 'rest-xml';
  const presigned = 'expiresSeconds' in claims ? claims : undefined;
  if (presigned !== undefined && !isObjectStore) throw missingSignature(undefined);
  const token = presigned === undefined ? headers['x-amz-security-token'] : presigned.sessionToken;
  const { account, caller } = identify(claims.accessKeyId, token);
  verifySignature(claims, { method, rawUrl, headers, body: raw, isObjectStore }, Date.now());
  if (chunked !== undefined && headers['x-amz-content-sha256']?.includes('AWS4-HMAC-SHA256') === true) {
    verifyChunks(chunked, chunkSigning(claims, headers['x-amz-date'] ?? ''));
  }
  if (service !== undefined && !service.definition.signingNames.includes(claims.signingName)) {
    const names = service.definition.signingNames.join("' or '");
    throw new WireError(
      'InvalidSignatureException',
      403,
      `Credential should be scoped to correct service: '${names}'.`,
    );
  }
  return { account, region: claims.region, caller };
}

function missingSignature(header: string | undefined): WireError {
  if (header === undefined) {
    return new WireError('MissingAuthenticationTokenException', 403, 'Missing Authentication Token');
  }
  if (header.startsWith('Bearer ')) {
    return new WireError(
      'AccessDeniedException',
      403,
      'API keys are not accepted here: sign the request instead.',
    );
  }
  return new WireError(
    'IncompleteSignature',
    403,
    'The Authorization header is not a complete AWS4-HMAC-SHA256 one.',
  );
}
