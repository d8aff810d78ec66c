import { expect, it } from 'vitest';
import { callerStatements } from '#lib/constructs/callers-policy.ts';

it('lets in each caller once, by account and by comparison, under the conditions that are given', () => {
  const arns = [
    '222222222222:role/b',
    '111111111111:role/a',
    '222222222222:role/a',
    '222222222222:role/b',
  ].map((name) => `arn:aws:iam::${name}`);
  const statements = callerStatements(arns, {
    sid: 'Call',
    action: 'lambda:InvokeFunctionUrl',
    resource: 'arn:aws:lambda:us-east-1:111111111111:function:acme-gateway',
    conditions: { Bool: { 'aws:SecureTransport': 'true' } },
  }).map((statement) => statement.toJSON());
  expect(statements.map(({ Sid, Condition }) => [Sid, Condition])).toEqual([
    [
      'Call111111111111',
      { Bool: { 'aws:SecureTransport': 'true' }, ArnEquals: { 'aws:PrincipalArn': [arns[1]] } },
    ],
    [
      'Call222222222222',
      { Bool: { 'aws:SecureTransport': 'true' }, ArnEquals: { 'aws:PrincipalArn': [arns[2], arns[0]] } },
    ],
  ]);
  expect(callerStatements([], { sid: 'Call', action: 'a:b', resource: 'r' })).toEqual([]);
});
