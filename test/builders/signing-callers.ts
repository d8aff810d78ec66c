/** Callers who sign with the temporary keys of a role, by way of the clients that people have. */
import { Sha256 } from '@aws-crypto/sha256-js';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SignatureV4 } from '@smithy/signature-v4';
import { roleCredentials } from '#local/lambda/role-credentials.ts';

interface SigningRole {
  readonly roleArn: string;
  readonly region: string;
}

/** What a function URL's signatures are for. */
const service = 'lambda';

const signerOf = ({ roleArn, region }: SigningRole) =>
  new SignatureV4({ credentials: roleCredentials(roleArn, 'client'), region, service, sha256: Sha256 });

/** `fetch` that signs in the place of a client's own key. */
export function signingFetch(role: SigningRole): typeof fetch {
  const signer = signerOf(role);
  return async (input, init = {}) => {
    const { host, hostname, port, pathname, protocol } = new URL(String(input));
    const given = Object.fromEntries(new Headers(init.headers));
    const { authorization: _, 'x-api-key': __, ...headers } = given;
    const method = init.method ?? 'GET';
    const signed = await signer.sign({
      ...{ method, hostname, port: Number(port), path: pathname, protocol },
      headers: { ...headers, host },
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
    });
    const { host: ___, ...sent } = signed.headers;
    return fetch(input, { ...init, headers: sent });
  };
}

/** A request handler of an AWS client that signs for the URL what the client signed for its own service. */
export function signingHandler(role: SigningRole): DynamoDBClient['config']['requestHandler'] {
  const signer = signerOf(role);
  // The door speaks HTTP/1.1 without TLS, as other clients of AWS do by default.
  const handler = new DynamoDBClient({ region: role.region }).config.requestHandler;
  const { handle } = handler;
  handler.handle = async (request, options) => {
    const { authorization: _, 'x-amz-date': __, 'x-amz-security-token': ___, ...headers } = request.headers;
    const { method, protocol, hostname, port, path, query, body } = request;
    const asked = { method, protocol, hostname, path, query, body, headers };
    const signed = await signer.sign(port === undefined ? asked : { ...asked, port });
    return handle.call(handler, Object.assign(request, { headers: signed.headers }), options);
  };
  return handler;
}
