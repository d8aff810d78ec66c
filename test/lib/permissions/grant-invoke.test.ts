import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import type { SpillwayConfig } from '#contract/config.ts';
import worldInput from '#examples/world.config.ts';
import { grantInvoke } from '#lib/permissions/grant-invoke.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';

function stackFor(config: SpillwayConfig): Stack {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  grantInvoke(role, { config, facts: shippedFacts, account: '111111111111' });
  return stack;
}

describe('grantInvoke', () => {
  it('keeps few permissions in the role itself', () => {
    const { embed } = acme.models;
    const template = Template.fromStack(stackFor({ ...acme, models: embed === undefined ? {} : { embed } }));
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  });

  it('spreads many permissions over managed policies that each fit', () => {
    const template = Template.fromStack(stackFor(checkedConfig(worldInput)));
    const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    expect(policies.length).toBeGreaterThan(1);
    for (const { Properties } of policies)
      expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThanOrEqual(6_144);
  });

  it('warns when the default quota of managed policies is too small', () => {
    const warning = Match.stringLikeRegexp('needs \\d+ managed policies, IAM takes 10 on a role by default');
    Annotations.fromStack(stackFor(checkedConfig(worldInput))).hasWarning('/Stack/Role', warning);
    Annotations.fromStack(stackFor(acme)).hasNoWarning('/Stack/Role', warning);
  });
});
