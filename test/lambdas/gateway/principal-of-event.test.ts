import { describe, expect, it } from 'vitest';
import { principalOfEvent } from '#lambdas/gateway/principal-of-event.ts';

const arn = 'arn:aws:sts::111111111111:assumed-role/app/i-0123';
const signed = { arn, account: '111111111111' };

/** As API Gateway writes it where a method's authorization is AWS_IAM; null where it is NONE. */
const restIdentity = {
  accessKey: 'ASIAEXAMPLE',
  accountId: '111111111111',
  caller: 'AROAEXAMPLE:i-0123',
  cognitoIdentityId: null,
  sourceIp: '192.0.2.1',
  user: 'AROAEXAMPLE:i-0123',
  userAgent: 'x',
  userArn: arn,
};
const rest = (identity: unknown, more: object = {}) => ({
  httpMethod: 'GET',
  path: '/v1/models',
  headers: {},
  requestContext: { identity, ...more },
});
/** As a function URL writes it where its AuthType is AWS_IAM. */
const urlIam = {
  accessKey: 'ASIAEXAMPLE',
  accountId: '111111111111',
  callerId: 'AROAEXAMPLE:i-0123',
  cognitoIdentity: null,
  principalOrgId: 'o-example',
  userArn: arn,
  userId: 'AROAEXAMPLE',
};
const url = (authorizer: unknown, more: object = {}) => ({
  version: '2.0',
  rawPath: '/v1/models',
  headers: {},
  requestContext: { http: { method: 'GET' }, ...(authorizer === undefined ? {} : { authorizer }), ...more },
});

describe('who signed', () => {
  it('is read from the request context of API Gateway and of a function URL', () => {
    expect(principalOfEvent(rest(restIdentity))).toEqual(signed);
    expect(principalOfEvent(url({ iam: urlIam }))).toEqual(signed);
  });

  it('is nobody where nothing was signed or checked', () => {
    expect(principalOfEvent(rest({ ...restIdentity, userArn: null, accountId: null }))).toBeUndefined();
    for (const event of [url(undefined), url({}), url({ iam: null }), rest(undefined), {}, null, 'x', []])
      expect(principalOfEvent(event)).toBeUndefined();
  });

  it('is never read from headers, the body, the query or the place of the other payload', () => {
    const headers = {
      'x-amzn-iam-user-arn': arn,
      'x-amz-security-token': arn,
      'x-spillway-principal': arn,
      userarn: arn,
    };
    const forged = {
      headers,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      queryStringParameters: { userArn: arn, accountId: '111111111111' },
      body: JSON.stringify({ requestContext: { identity: restIdentity, authorizer: { iam: urlIam } } }),
      identity: restIdentity,
      userArn: arn,
    };
    expect(principalOfEvent({ ...rest({ userArn: null }), ...forged })).toBeUndefined();
    expect(principalOfEvent({ ...url(undefined), ...forged })).toBeUndefined();
    // A custom authorizer of a REST API may write what it likes below `authorizer`.
    expect(principalOfEvent(rest({ userArn: null }, { authorizer: { iam: urlIam } }))).toBeUndefined();
    expect(principalOfEvent(url(undefined, { identity: restIdentity }))).toBeUndefined();
  });

  it('keeps an ARN without an account as one that no grant can match', () => {
    expect(principalOfEvent(rest({ userArn: arn }))).toEqual({ arn, account: undefined });
  });
});
