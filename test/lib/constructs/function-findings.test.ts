import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { RegionKey } from '#lib/constructs/region-key.ts';
import type { SpillwayFunctionProps } from '#lib/constructs/spillway-function.ts';
import { home, someFunction } from '#test/lib/built.ts';
import { acknowledgementsOf } from '#test/lib/findings.ts';

function acknowledged(
  props: (stack: Stack) => Partial<SpillwayFunctionProps> = () => ({}),
): readonly string[] {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'Stack', { env: home });
  someFunction(stack, props(stack));
  return acknowledgementsOf(app).map(({ id }) => id.replace(/^.*-/, ''));
}

describe('acknowledgeFunctionFindings', () => {
  it('accepts what is so of every function, and what is so of one that is given nothing', () => {
    expect(acknowledged().toSorted()).toEqual([
      'CloudWatchLogGroupEncrypted',
      'LambdaConcurrency',
      'LambdaDLQ',
      'LambdaDLQ',
      'LambdaInsideVPC',
      'LambdaTracing',
    ]);
  });

  it('accepts nothing that is no longer found', () => {
    const kept = acknowledged((stack) => ({
      reservedConcurrency: 1,
      keepsFailedCalls: true,
      logKey: new RegionKey(stack, 'Key', { deployment: 'acme', description: 'For a test' }).key,
    }));
    expect(kept.toSorted()).toEqual([
      'LambdaAsyncFailureDestination',
      'LambdaInsideVPC',
      'LambdaTracing',
      'SQSRedrivePolicy',
    ]);
  });
});
