import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { FunctionUrlDoor } from '#lib/constructs/function-url-door.ts';
import { built, someFunction } from '#test/lib/built.ts';
import { identityStatements } from '#test/lib/synthesized.ts';

describe('FunctionUrlDoor', () => {
  const callers = ['arn:aws:iam::222222222222:role/app', 'arn:aws:iam::111111111111:user/ci'];
  const said: { metric?: string; url?: unknown } = {};
  const template = built((stack) => {
    const handler = someFunction(stack).lambda;
    const door = new FunctionUrlDoor(stack, 'Door', { handler, signedBy: callers });
    const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    door.grantCall(caller);
    said.metric = door.metricServerErrors().metricName;
    said.url = stack.resolve(door.urlForPath('/v1'));
  });

  it('streams, and takes AWS signatures alone', () => {
    template.hasResourceProperties('AWS::Lambda::Url', {
      AuthType: 'AWS_IAM',
      InvokeMode: 'RESPONSE_STREAM',
    });
  });

  it('lets in the roles and users that it is told, through its URL alone and by both permissions', () => {
    const [policy] = Object.values(template.findResources('AWS::Lambda::ResourcePolicy'));
    const statements: { Sid: string; Action: string; Condition: unknown }[] =
      policy?.Properties.PolicyDocument.Statement;
    const url = { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } };
    const through = { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } };
    const only = (arn: string | undefined) => ({ ArnEquals: { 'aws:PrincipalArn': [arn] } });
    expect(statements.map(({ Sid, Action, Condition }) => [Sid, Action, Condition])).toEqual([
      ['CallUrl111111111111', 'lambda:InvokeFunctionUrl', { ...url, ...only(callers[1]) }],
      ['CallUrl222222222222', 'lambda:InvokeFunctionUrl', { ...url, ...only(callers[0]) }],
      ['CallThroughUrl111111111111', 'lambda:InvokeFunction', { ...through, ...only(callers[1]) }],
      ['CallThroughUrl222222222222', 'lambda:InvokeFunction', { ...through, ...only(callers[0]) }],
    ]);
    template.resourceCountIs('AWS::Lambda::Permission', 0);
  });

  it('grants the same two to a principal of its own account', () => {
    const granted = identityStatements(template).filter(({ Action }) =>
      Action.some((action) => action.startsWith('lambda:')),
    );
    expect(granted.map(({ Action }) => Action)).toEqual([
      ['lambda:InvokeFunctionUrl'],
      ['lambda:InvokeFunction'],
    ]);
  });

  it('says its URL and its errors', () => {
    expect(said.metric).toBe('Url5xxCount');
    expect(JSON.stringify(said.url)).toContain('"v1"');
  });
});
