import { randomUUID } from 'node:crypto';
import type { ReceivedRequest } from './received-request.ts';
import type { SignedCaller } from './signed-caller.ts';

/** What an API is, as its events tell. */
export interface RestApiPlace {
  readonly account: string;
  readonly apiId: string;
  readonly stage: string;
}

/** The payload of version 1.0, as the proxy integration of a REST API writes it. The path stands without the stage. */
export function restApiEvent(
  request: ReceivedRequest,
  place: RestApiPlace,
  { path, caller, sourceIp }: { path: string; caller: SignedCaller | undefined; sourceIp: string },
): object {
  const { method, headers, headerPairs, query, protocol, body } = request;
  const resource = path === '/' ? '/' : '/{proxy+}';
  const parameters = [...new URLSearchParams(query)];
  const now = new Date();
  return {
    resource,
    // As the service gives it: decoded.
    path: decoded(path),
    httpMethod: method,
    headers: Object.fromEntries(headerPairs),
    multiValueHeaders: grouped(headerPairs),
    queryStringParameters: parameters.length === 0 ? null : Object.fromEntries(parameters),
    multiValueQueryStringParameters: parameters.length === 0 ? null : grouped(parameters),
    pathParameters: path === '/' ? null : { proxy: decoded(path.slice(1)) },
    stageVariables: null,
    requestContext: {
      accountId: place.account,
      apiId: place.apiId,
      domainName: headers.host ?? '',
      domainPrefix: place.apiId,
      extendedRequestId: randomUUID(),
      httpMethod: method,
      identity: identityOf(caller, { sourceIp, userAgent: headers['user-agent'] ?? null }),
      path: `/${place.stage}${decoded(path)}`,
      protocol,
      requestId: randomUUID(),
      requestTime: now.toUTCString(),
      requestTimeEpoch: now.getTime(),
      resourceId: resource,
      resourcePath: resource,
      stage: place.stage,
    },
    body: body.length === 0 ? null : body.toString(),
    isBase64Encoded: false,
  };
}

function identityOf(
  caller: SignedCaller | undefined,
  seen: { readonly sourceIp: string; readonly userAgent: string | null },
): object {
  return {
    accessKey: caller?.accessKey ?? null,
    accountId: caller?.account ?? null,
    caller: caller?.arn ?? null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    user: caller?.arn ?? null,
    userArn: caller?.arn ?? null,
    ...seen,
  };
}

function grouped(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [name, value] of pairs) groups[name] = [...(groups[name] ?? []), value];
  return groups;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
