import { describe, expect, it } from 'vitest';
import { accessCallers } from '#lib/stacks/access-stack.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { synthesized } from '#test/lib/synthesized.ts';

const callersOfEurope = [
  'arn:aws:iam::111111111111:role/acme-gateway-us-east-1',
  'arn:aws:iam::333333333333:role/acme-gateway-ap-northeast-1',
  'arn:aws:iam::111111111111:role/acme-verify-us-east-1',
];

describe('AccessStack', () => {
  const { template } = synthesized({ organizationId: 'o-a1b2c3d4e5' });

  it('trusts the very roles of gateways and verify, with the external id, inside the organization', () => {
    template('Access-222222222222').hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'acme-gateway-access',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::333333333333:root'] },
            Condition: {
              StringEquals: { 'sts:ExternalId': 'spillway-acme', 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
              ArnEquals: { 'aws:PrincipalArn': callersOfEurope },
            },
          },
        ],
      },
    });
  });

  it('stays inside the 2,048 characters of a trust policy', () => {
    for (const { id } of acme.accounts) {
      const [role] = Object.values(template(`Access-${id}`).findResources('AWS::IAM::Role'));
      expect(JSON.stringify(role?.Properties.AssumeRolePolicyDocument).length).toBeLessThan(2_048);
    }
  });

  it('trusts verify of the region that stands by too', () => {
    const config = checkedConfig({ ...acme, standby: 'us-west-2' });
    expect(accessCallers(config, '222222222222').map(({ roleArn }) => roleArn)).toEqual([
      ...callersOfEurope,
      'arn:aws:iam::111111111111:role/acme-verify-us-west-2',
    ]);
  });

  it('is not made for an account that nobody calls from outside', () => {
    const config = checkedConfig({
      ...acme,
      accounts: acme.accounts.slice(0, 1),
      gateways: ['us-east-1'],
      models: {},
    });
    expect(accessCallers(config, '111111111111')).toEqual([]);
    expect(synthesized({ config }).stacks.access).toEqual([]);
  });
});
