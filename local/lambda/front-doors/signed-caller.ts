/** Who signed a request at a front door that asks for IAM. */
import type { Caller } from '../../service.ts';
import { identify } from '../../wire/access-keys.ts';
import { readClaims } from '../../wire/signature-claims.ts';
import { verifySignature } from '../../wire/verify-signature.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { ReceivedRequest } from './received-request.ts';

export interface SignedCaller extends Caller {
  readonly account: string;
  readonly accessKey: string;
}

/** What a front door asks whoever knows the policies. */
interface PermissionQuestion {
  readonly caller: SignedCaller;
  readonly action: 'lambda:InvokeFunctionUrl' | 'lambda:InvokeFunction' | 'execute-api:Invoke';
  /** ARN of the function, or of the method of an API. */
  readonly resource: string;
}

export type Permits = (question: PermissionQuestion) => boolean;

/** @throws WireError (403) that says what is missing or wrong */
export function signedCaller(
  request: ReceivedRequest,
  { signingName, region }: { readonly signingName: string; readonly region: string },
): SignedCaller {
  const claims = readClaims(request.headers.authorization);
  if (claims === undefined)
    throw new WireError('MissingAuthenticationTokenException', 403, 'Missing Authentication Token');
  const { account, caller } = identify(claims.accessKeyId, request.headers['x-amz-security-token']);
  verifySignature(claims, request, Date.now());
  if (claims.signingName !== signingName || claims.region !== region) {
    const wanted = `'${region}/${signingName}'`;
    throw new WireError('InvalidSignatureException', 403, `Credential should be scoped to ${wanted}.`);
  }
  return { ...caller, account, accessKey: claims.accessKeyId };
}
