import { describe, expect, it } from 'vitest';
import { putMetrics } from '#lib/permissions/put-metrics.ts';
import { built, someFunction } from '#test/lib/built.ts';
import { statementOf } from '#test/lib/synthesized.ts';

describe('putMetrics', () => {
  it('binds the action, which knows no resource, to one namespace', () => {
    const template = built((stack) => putMetrics(someFunction(stack), 'Spillway/Availability'));
    expect(statementOf(template, 'PutMetrics')).toEqual({
      Sid: 'PutMetrics',
      Effect: 'Allow',
      Action: ['cloudwatch:PutMetricData'],
      Resource: ['*'],
      Condition: { StringEquals: { 'cloudwatch:namespace': 'Spillway/Availability' } },
    });
  });
});
