import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { built, someFunction } from '#test/lib/built.ts';
import { identityStatements } from '#test/lib/synthesized.ts';

describe('SpillwayFunction', () => {
  it('may do nothing but write its own log', () => {
    const template = built((stack) => void someFunction(stack));
    const statements = identityStatements(template);
    expect(statements.map(({ Sid, Action }) => [Sid, Action])).toEqual([
      ['WriteOwnLog', ['logs:CreateLogStream', 'logs:PutLogEvents']],
    ]);
    expect(JSON.stringify(statements[0]?.Resource)).toContain('Fn::GetAtt');
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  it('keeps failed calls, and tries them once, only where asked', () => {
    built((stack) => void someFunction(stack)).resourceCountIs('AWS::SQS::Queue', 0);
    const keeping = built((stack) => void someFunction(stack, { keepsFailedCalls: true }));
    keeping.resourceCountIs('AWS::SQS::Queue', 1);
    keeping.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
    keeping.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      }),
    });
  });

  it('tells how often it was called, failed and was held back', () => {
    built((stack) => {
      const spillway = someFunction(stack);
      const told = [spillway.metricInvocations(), spillway.metricErrors(), spillway.metricThrottles()];
      expect(told.map(({ metricName, statistic }) => `${metricName} ${statistic}`)).toEqual([
        'Invocations Sum',
        'Errors Sum',
        'Throttles Sum',
      ]);
      for (const { period, dimensions } of told) {
        expect(period.toSeconds()).toBe(60);
        expect(dimensions).toEqual({ FunctionName: spillway.lambda.functionName });
      }
      expect(spillway.metricFailedCallsWaiting()).toBeUndefined();
    });
  });

  it('reserves no concurrency, and 512 MiB, unless told', () => {
    built((stack) => void someFunction(stack)).hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
      MemorySize: 512,
    });
    built(
      (stack) => void someFunction(stack, { reservedConcurrency: 3, memoryMebibytes: 2048 }),
    ).hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 3, MemorySize: 2048 });
  });
});
