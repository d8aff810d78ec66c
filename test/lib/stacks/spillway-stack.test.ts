import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { SpillwayStack } from '#lib/stacks/spillway-stack.ts';
import { acme } from '#test/lib/acme.ts';

describe('SpillwayStack', () => {
  const place = { account: '222222222222', region: 'eu-west-1' };
  const stack = new SpillwayStack(new App({ builtinCloudFormationValidation: false }), 'Some-eu-west-1', {
    config: acme,
    place,
    description: 'Some',
  });

  it('stands in an explicit place and carries the deployment’s name in AWS, not on the command line', () => {
    expect(stack.environment).toBe('aws://222222222222/eu-west-1');
    expect(stack.stackName).toBe('acme-Some-eu-west-1');
    expect(stack.artifactId).toBe('Some-eu-west-1');
  });

  it('tags what it makes with the deployment', () => {
    new CfnQueue(stack, 'Queue');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SQS::Queue', {
      Tags: [{ Key: 'spillway:deployment', Value: 'acme' }],
    });
  });
});
