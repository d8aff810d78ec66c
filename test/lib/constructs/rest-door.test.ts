import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { RestDoor } from '#lib/constructs/rest-door.ts';
import { built, someFunction } from '#test/lib/built.ts';

describe('RestDoor', () => {
  const template = built((stack) => {
    const handler = someFunction(stack).lambda;
    const logRetention = RetentionDays.ONE_WEEK;
    new RestDoor(stack, 'Door', {
      apiName: 'acme-door',
      handler,
      timeout: Duration.minutes(15),
      logRetention,
    });
  });

  it('passes the root and everything below it to the function as a stream of up to 15 minutes', () => {
    const methods = Object.values(template.findResources('AWS::ApiGateway::Method'));
    expect(methods.map(({ Properties }) => Properties.Integration.TimeoutInMillis)).toEqual([
      900_000, 900_000,
    ]);
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{proxy+}' });
  });

  it('may be invoked by its own stage only, not by the console’s test', () => {
    const sources = Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) =>
      JSON.stringify(Properties.SourceArn),
    );
    expect(sources).toHaveLength(2);
    expect(sources.filter((source) => source.includes('test-invoke-stage'))).toEqual([]);
  });

  it('keeps its access log as long as it is told', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/spillway/acme-door-access',
      RetentionInDays: 7,
    });
  });

  it('lets everybody through to the function, which asks for keys, unless it is told who signs', () => {
    template.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'NONE' });
    template.resourcePropertiesCountIs('AWS::ApiGateway::RestApi', { Policy: Match.anyValue() }, 0);
  });

  it('takes AWS signatures alone, at every method, of the roles and users that it is told', () => {
    const arns = ['222222222222:role/app', '111111111111:user/ci', '111111111111:role/team/app'].map(
      (name) => `arn:aws:iam::${name}`,
    );
    const signed = built((stack) => {
      const handler = someFunction(stack).lambda;
      const logRetention = RetentionDays.ONE_WEEK;
      const timeout = Duration.minutes(15);
      new RestDoor(stack, 'Door', { apiName: 'acme-door', handler, timeout, logRetention, signedBy: arns });
    });
    signed.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
    const [api] = Object.values(signed.findResources('AWS::ApiGateway::RestApi'));
    const statements: { Sid: string; Effect: string; Condition: unknown; Principal: unknown }[] =
      api?.Properties.Policy.Statement;
    expect(statements.map(({ Sid, Effect, Condition }) => ({ Sid, Effect, Condition }))).toEqual([
      {
        Sid: 'Callers111111111111',
        Effect: 'Allow',
        Condition: { ArnEquals: { 'aws:PrincipalArn': [arns[2], arns[1]] } },
      },
      {
        Sid: 'Callers222222222222',
        Effect: 'Allow',
        Condition: { ArnEquals: { 'aws:PrincipalArn': [arns[0]] } },
      },
    ]);
    expect(JSON.stringify(statements[1]?.Principal)).toContain('222222222222');
  });
});
