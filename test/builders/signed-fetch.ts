/** `fetch` of a caller who signs with an account's key of the stand-in. */
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { localCredentials } from '#adapters/aws/local-credentials.ts';

export interface SigningCaller {
  readonly account: string;
  readonly region: string;
  readonly service: string;
}

export async function signedFetch(
  { account, region, service }: SigningCaller,
  url: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: string } = {},
): Promise<Response> {
  const { host, hostname, port, pathname, protocol } = new URL(url);
  const signer = new SignatureV4({ credentials: localCredentials(account), region, service, sha256: Sha256 });
  const { headers } = await signer.sign({
    ...{ method, hostname, port: Number(port), path: pathname, protocol },
    headers: { host, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  const { host: _, ...sent } = headers;
  return fetch(url, { method, headers: sent, ...(body === undefined ? {} : { body }) });
}
