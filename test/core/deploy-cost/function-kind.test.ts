import { describe, expect, it } from 'vitest';
import { functionsOf } from '#core/deploy-cost/function-kind.ts';
import { aDeployedStack } from '#test/builders/a-deployed-stack.ts';

describe('functionsOf', () => {
  it('knows a function by its name without the deployment’s, and takes CloudFormation’s defaults', () => {
    const { resources } = aDeployedStack('Some-us-east-1', {
      Plan: ['Lambda::Function', { FunctionName: 'acme-plan', MemorySize: 512, Timeout: 120 }],
      Helper: ['Lambda::Function'],
      Queue: ['SQS::Queue'],
    });
    expect([...functionsOf(resources, 'acme').values()]).toEqual([
      { logicalId: 'Plan', kind: 'plan', memoryMebibytes: 512, timeoutMs: 120_000 },
      { logicalId: 'Helper', kind: 'Helper', memoryMebibytes: 128, timeoutMs: 3_000 },
    ]);
  });
});
