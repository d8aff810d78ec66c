import { randomUUID } from 'node:crypto';
import type { ReceivedRequest } from './received-request.ts';
import type { SignedCaller } from './signed-caller.ts';

/** Bodies of these types are given as text, all others in base64. */
const textTypes = /^(text\/|application\/(json|javascript|xml|[\w.-]+\+(json|xml)))/;

/** The payload of version 2.0, as function URLs write it. */
export function functionUrlEvent(
  { method, path, query, protocol, headers, body }: ReceivedRequest,
  { caller, sourceIp }: { readonly caller: SignedCaller | undefined; readonly sourceIp: string },
): object {
  const now = new Date();
  const isText = textTypes.test(headers['content-type'] ?? '');
  const domainName = headers.host ?? '';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(headers.cookie === undefined ? {} : { cookies: headers.cookie.split(/; ?/) }),
    headers: { ...headers, 'x-forwarded-for': sourceIp, 'x-forwarded-proto': 'https' },
    ...(query === '' ? {} : { queryStringParameters: joinedParameters(query) }),
    requestContext: {
      accountId: caller?.account ?? 'anonymous',
      apiId: domainName,
      domainName,
      domainPrefix: domainName,
      ...(caller === undefined ? {} : { authorizer: { iam: iamOf(caller) } }),
      http: { method, path, protocol, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function iamOf({ accessKey, account, arn }: SignedCaller): object {
  return { accessKey, accountId: account, callerId: arn, cognitoIdentity: null, userArn: arn, userId: arn };
}

function joinedParameters(query: string): Record<string, string> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]),
  );
}
