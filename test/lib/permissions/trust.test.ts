import { describe, expect, it } from 'vitest';
import { type DeployedRole, deployedPolicies } from '#test/builders/deployed-policies.ts';
import { isAllowed } from '#test/builders/policy-engine.ts';
import { organization } from '#test/builders/policy-world.ts';
import { anything } from '#test/builders/refusal.ts';
import { synthesized } from '#test/lib/synthesized.ts';

const deployed = deployedPolicies(synthesized({ organizationId: organization }).assembly.stacks);
const roles = [...deployed.roles.values()];
const stranger = '444444444444';

const servicesOf = ({ trust }: DeployedRole): readonly string[] =>
  trust.Statement.flatMap(({ Principal }) =>
    [(Principal as { Service?: string | string[] }).Service ?? []].flat(),
  );

const become = (role: DeployedRole, by: string, context: Readonly<Record<string, string>> = {}) =>
  isAllowed(deployed, {
    role: by,
    action: 'sts:AssumeRole',
    resource: role.arn,
    context,
    policies: anything,
  });

/** What a service says of the thing in whose name it comes. */
const inNameOf = (account: string, arn: string) => ({ 'aws:SourceAccount': account, 'aws:SourceArn': arn });

describe('who may become a role', () => {
  it('is one service for each role that a service has, and nobody else of any account', async () => {
    const served = roles.filter((role) => servicesOf(role).length > 0);
    expect(served.length).toBeGreaterThan(30);
    for (const role of served) {
      const [service = '', ...others] = servicesOf(role);
      expect([role.arn, others]).toEqual([role.arn, []]);
      const wrong = [
        'ec2.amazonaws.com',
        'lambda.amazonaws.com',
        'scheduler.amazonaws.com',
        'sagemaker.amazonaws.com',
      ]
        .filter((name) => name !== service)
        .concat(`arn:aws:iam::${role.account}:role/admin`, `arn:aws:iam::${stranger}:role/admin`);
      for (const by of wrong) expect([role.arn, by, await become(role, by)]).toEqual([role.arn, by, false]);
    }
  });

  it('is the scheduler for schedules of the same account alone', async () => {
    const scheduled = roles.filter((role) => servicesOf(role).includes('scheduler.amazonaws.com'));
    expect(scheduled.length).toBeGreaterThan(10);
    for (const role of scheduled) {
      const group = (account: string) => `arn:aws:scheduler:${role.region}:${account}:schedule-group/default`;
      const comes = (context: Readonly<Record<string, string>>) =>
        become(role, 'scheduler.amazonaws.com', context);
      expect(await comes(inNameOf(role.account, group(role.account)))).toBe(true);
      expect(await comes(inNameOf(stranger, group(stranger)))).toBe(false);
      expect(await comes(inNameOf(stranger, group(role.account)))).toBe(false);
      expect(await comes({})).toBe(false);
    }
  });

  it('is no service for access roles, whatever it says of the account in whose name it comes', async () => {
    const access = roles.filter(({ arn }) => arn.endsWith('/acme-gateway-access'));
    expect(access).toHaveLength(3);
    for (const role of access)
      for (const service of ['lambda.amazonaws.com', 'bedrock.amazonaws.com'])
        expect(await become(role, service, inNameOf(role.account, role.arn))).toBe(false);
  });
});
