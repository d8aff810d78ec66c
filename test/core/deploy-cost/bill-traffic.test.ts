import { describe, expect, it } from 'vitest';
import { aControlStack, aDeployedStack, billedItems } from '#test/builders/a-deployed-stack.ts';

describe('billRequests and billTriggers', () => {
  it('has no request at a door that is not there', () => {
    const url = aDeployedStack('Gateway-us-east-1', {
      Answer: ['Lambda::Function', { FunctionName: 'acme-gateway', MemorySize: 1_024 }],
    });
    expect(billedItems([url])).not.toHaveProperty('rest-api-request gateway');
    expect(billedItems([url])['lambda-request gateway']).toBe(100_000);
  });

  it('counts runs that changes start beside those of the clock', () => {
    // 8,760 of the clock, and 30 changes in each of three places.
    expect(billedItems([aControlStack])['lambda-request plan']).toBe(1_752 + 18);
  });
});
