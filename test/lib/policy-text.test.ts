import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { policyText } from '#lib/policy-text.ts';

it('is what a person can put into a policy: no function of CloudFormation is left', () => {
  const statement = new PolicyStatement({
    sid: 'Read',
    principals: [new AccountPrincipal('222222222222')],
    actions: ['dynamodb:Query'],
    resources: ['*'],
  });
  expect(JSON.parse(policyText(new Stack(), [statement]))).toEqual([
    {
      Sid: 'Read',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: 'dynamodb:Query',
      Resource: '*',
    },
  ]);
});
