import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { FrontDoor } from '#lib/constructs/front-door.ts';
import { built, someFunction } from '#test/lib/built.ts';

describe('FrontDoor', () => {
  const template = built((stack) => {
    const handler = someFunction(stack).lambda;
    const logRetention = RetentionDays.ONE_WEEK;
    new FrontDoor(stack, 'Door', {
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
});
