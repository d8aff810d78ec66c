import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../service.ts';
import { WireError } from './wire-error.ts';

/** The key of an account itself, and the prefix of keys that AssumeRole gives out for one. */
const accountKey = /^LKIA(\d{12})$/;
const sessionKey = /^LSIA(\d{12})[A-F0-9]{16}$/;

/** Keys that stand for an identity for a while. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface SessionRequest {
  readonly account: string;
  readonly roleName: string;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
}

interface SessionClaims {
  readonly key: string;
  readonly role: string;
  readonly roleName: string;
  readonly session: string;
  readonly expires: number;
}

/** Every key's secret is known, on purpose: this is a loopback stand-in, and keys tell accounts apart. */
export function secretOf(accessKeyId: string): string {
  return `local-${accessKeyId}`;
}

/** The account that an access key belongs to; `undefined` for keys that are not of this stand-in. */
export function accountOfKey(accessKeyId: string): string | undefined {
  return (accountKey.exec(accessKeyId) ?? sessionKey.exec(accessKeyId))?.[1];
}

/** Makes temporary keys. They are self-contained, so that a restarted stand-in still knows them. */
export function issueSession(request: SessionRequest): SessionCredentials {
  const accessKeyId = `LSIA${request.account}${randomBytes(8).toString('hex').toUpperCase()}`;
  const expiration = new Date(Math.floor(Date.now() / 1000 + request.durationSeconds) * 1000);
  const claims: SessionClaims = {
    key: accessKeyId,
    role: request.roleArn,
    roleName: request.roleName,
    session: request.sessionName,
    expires: expiration.getTime(),
  };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const sessionToken = `${payload}.${seal(accessKeyId, payload)}`;
  return { accessKeyId, secretAccessKey: secretOf(accessKeyId), sessionToken, expiration };
}

/** Who a key is. Throws where the key, or the token that must come with it, is unknown or expired. */
export function identify(
  accessKeyId: string,
  token: string | undefined,
): { account: string; caller: Caller } {
  const account = accountOfKey(accessKeyId);
  if (account === undefined) throw invalidToken();
  if (accountKey.test(accessKeyId)) {
    if (token !== undefined) throw invalidToken();
    return { account, caller: { arn: `arn:aws:iam::${account}:user/local` } };
  }
  const claims = readToken(accessKeyId, token);
  if (claims.expires <= Date.now()) {
    throw new WireError(
      'ExpiredTokenException',
      403,
      'The security token included in the request is expired',
    );
  }
  const arn = `arn:aws:sts::${account}:assumed-role/${claims.roleName}/${claims.session}`;
  return { account, caller: { arn, roleArn: claims.role } };
}

function readToken(accessKeyId: string, token: string | undefined): SessionClaims {
  const [payload = '', signature = ''] = (token ?? '').split('.');
  const wanted = Buffer.from(seal(accessKeyId, payload));
  const given = Buffer.from(signature);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw invalidToken();
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as SessionClaims;
  if (claims.key !== accessKeyId) throw invalidToken();
  return claims;
}

function seal(accessKeyId: string, payload: string): string {
  return createHmac('sha256', `session-of-${accessKeyId}`).update(payload).digest('base64url');
}

function invalidToken(): WireError {
  return new WireError(
    'UnrecognizedClientException',
    403,
    'The security token included in the request is invalid.',
  );
}
