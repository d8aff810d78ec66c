import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ReadyEnvironments } from '#lib/constructs/ready-environments.ts';
import { built, someFunction } from '#test/lib/built.ts';

function ready(sizes: { readonly min: number; readonly max?: number; readonly utilization?: number }): {
  readonly template: Template;
  readonly spillover: string;
} {
  let spillover = '';
  const template = built((stack) => {
    const environments = new ReadyEnvironments(stack, 'Ready', {
      lambda: someFunction(stack).lambda,
      ...sizes,
    });
    spillover = environments.metricSpillover().metricName;
  });
  return { template, spillover };
}

describe('ReadyEnvironments', () => {
  it('keeps as many as it is told under an alias of a version', () => {
    const { template, spillover } = ready({ min: 4 });
    template.hasResourceProperties('AWS::Lambda::Alias', {
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 4 },
    });
    template.resourceCountIs('AWS::Lambda::Version', 1);
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    expect(spillover).toBe('ProvisionedConcurrencySpilloverInvocations');
  });

  it.each([
    [0.5, { min: 2, max: 20, utilization: 0.5 }],
    [0.7, { min: 2, max: 20 }],
  ])(
    'grows and shrinks with their use where it may, towards %s, and a deployment takes nothing back',
    (target, sizes) => {
      const { template } = ready(sizes);
      template.hasResourceProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: Match.absent() });
      template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
        MinCapacity: 2,
        MaxCapacity: 20,
        ScalableDimension: 'lambda:function:ProvisionedConcurrency',
      });
      template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
        TargetTrackingScalingPolicyConfiguration: Match.objectLike({ TargetValue: target }),
      });
    },
  );
});
