import { Match } from 'aws-cdk-lib/assertions';
import { describe, it } from 'vitest';
import { FunctionSchedule } from '#lib/constructs/function-schedule.ts';
import { built, someFunction } from '#test/lib/built.ts';

describe('FunctionSchedule', () => {
  it('passes its input, rests where it is told to, and drops a call when the next one is due', () => {
    built((stack) => {
      const target = someFunction(stack);
      const input = { region: 'us-east-1' };
      new FunctionSchedule(stack, 'Clock', {
        scheduleName: 'c',
        target,
        everySeconds: 600,
        input,
        enabled: false,
      });
    }).hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'c',
      State: 'DISABLED',
      ScheduleExpression: 'cron(0/10 * * * ? *)',
      Target: Match.objectLike({
        Input: '{"region":"us-east-1"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 2 },
        DeadLetterConfig: Match.absent(),
      }),
    });
  });

  it('leaves undelivered calls in the function’s queue where it keeps one', () => {
    built((stack) => {
      const target = someFunction(stack, { keepsFailedCalls: true });
      new FunctionSchedule(stack, 'Clock', { scheduleName: 'c', target, everySeconds: 1 });
    }).hasResourceProperties('AWS::Scheduler::Schedule', {
      Target: Match.objectLike({
        DeadLetterConfig: { Arn: Match.anyValue() },
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 },
      }),
    });
  });
});
