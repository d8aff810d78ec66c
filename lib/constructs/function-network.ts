import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from './acknowledge.ts';

/** What Lambda does in a function's name to place it in a VPC. */
const INTERFACE_ACTIONS: readonly string[] = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lets Lambda place a function in a VPC, and keeps the function's own code from doing the same: its calls carry the
 * function's ARN, Lambda's do not.
 *
 * @param id of the function among those that share the role
 */
export function grantStandIn(role: Role, id: string, functionArn: string): void {
  const actions = [...INTERFACE_ACTIONS];
  const resources = ['*'];
  role.addToPolicy(new PolicyStatement({ sid: `StandInNetwork${id}`, actions, resources }));
  role.addToPolicy(
    new PolicyStatement({
      sid: `TouchNoNetwork${id}`,
      effect: Effect.DENY,
      actions,
      resources,
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    }),
  );
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]':
      'Lambda asks for these on every resource, since interfaces have no names before they are made; the function’s own code is denied them.',
  });
}
