import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { AccessRole } from '#lib/constructs/access-role.ts';
import { built } from '#test/lib/built.ts';

const callers = ['333333333333', '222222222222', '222222222222'].map((account, index) => ({
  account,
  roleArn: `arn:aws:iam::${account}:role/caller-${index}`,
}));

function trustWith(organizationId?: string) {
  const props = { deployment: 'acme', callers, ...(organizationId === undefined ? {} : { organizationId }) };
  const template = built((stack) => void new AccessRole(stack, 'Access', props));
  template.hasResourceProperties('AWS::IAM::Role', { AssumeRolePolicyDocument: Match.anyValue() });
  const [role] = Object.values(template.findResources('AWS::IAM::Role'));
  return role?.Properties.AssumeRolePolicyDocument.Statement;
}

describe('AccessRole', () => {
  it('says its trust once, each account once', () => {
    expect(trustWith()).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::333333333333:root'] },
        Condition: {
          StringEquals: { 'sts:ExternalId': 'spillway-acme' },
          ArnEquals: { 'aws:PrincipalArn': callers.map(({ roleArn }) => roleArn) },
        },
      },
    ]);
  });

  it('asks for the organization where one is given', () => {
    expect(trustWith('o-a1b2c3d4e5')[0].Condition.StringEquals).toEqual({
      'sts:ExternalId': 'spillway-acme',
      'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
    });
  });
});
