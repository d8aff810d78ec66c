/** Signs one upstream request with Signature Version 4, for exactly the address that it is sent to. */
import { SignatureV4 } from '@smithy/signature-v4';
import { invariant } from '#core/units/invariant.ts';
import { NodeSha256 } from './node-sha256.ts';
import type { UpstreamAddress } from './upstream-address.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they stop working; absent for long-lived keys. */
  readonly expiration?: Date;
}

export interface UnsignedRequest {
  readonly address: UpstreamAddress;
  /** Percent-encoded once; the signature covers it encoded again, as every service but S3 wants. */
  readonly path: string;
  /** Lower-case names. All of them are signed, with `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Headers to send, the signature among them. */
export async function signUpstreamRequest(
  request: UnsignedRequest,
  credentials: AwsCredentials,
  at: Date,
): Promise<Record<string, string>> {
  const { address } = request;
  const isAwsHost = /\.amazonaws\.(com|com\.cn|eu)$/.test(address.host);
  invariant(
    !isAwsHost || address.host.includes(`.${address.region}.`),
    `a call to ${address.host} must not be signed for ${address.region}`,
  );
  const signer = new SignatureV4({
    service: address.signingName,
    region: address.region,
    credentials,
    sha256: NodeSha256,
  });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'https:',
      hostname: address.host,
      path: request.path,
      query: {},
      headers: { ...request.headers, host: address.host },
      body: request.body,
    },
    { signingDate: at },
  );
  return signed.headers;
}
