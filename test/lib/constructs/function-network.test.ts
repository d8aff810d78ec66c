import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { grantStandIn } from '#lib/constructs/function-network.ts';
import { built } from '#test/lib/built.ts';
import { statementOf } from '#test/lib/synthesized.ts';

it('lets Lambda place a function, and denies the function’s own code the same', () => {
  const functionArn = 'arn:aws:lambda:us-east-1:111111111111:function:acme-gateway';
  const template = built((stack) => {
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    grantStandIn(role, 'Gateway', functionArn);
  });
  const allowed = statementOf(template, 'StandInNetworkGateway');
  const denied = statementOf(template, 'TouchNoNetworkGateway');
  expect([allowed.Effect, allowed.Resource]).toEqual(['Allow', ['*']]);
  expect(allowed.Action).toContain('ec2:CreateNetworkInterface');
  expect(denied).toMatchObject({
    Effect: 'Deny',
    Action: allowed.Action,
    Condition: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
  });
});
