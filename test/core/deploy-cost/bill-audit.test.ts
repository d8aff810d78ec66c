import { describe, expect, it } from 'vitest';
import { defaultUsage } from '#core/deploy-cost/usage.ts';
import { aDeployedStack, aGatewayStack, billedItems } from '#test/builders/a-deployed-stack.ts';

const audited = aDeployedStack('Gateway-us-east-1', {
  Seal: ['Lambda::Function', { FunctionName: 'acme-audit', MemorySize: 512, Timeout: 60 }],
});

describe('billAudit', () => {
  it('bills one record for each request, sealed together twice a minute', () => {
    expect(billedItems([audited])).toMatchObject({
      // Half of a million records, three requests each.
      'sqs-request audit': 600_000,
      's3-put audit': 438_000,
      's3-storage audit': 12_060,
      'lambda-duration audit': 1_168_006,
      'dynamodb-write audit': 109_500,
    });
    expect(billedItems([audited])).not.toHaveProperty('cloudwatch-put audit');
  });

  it('seals no oftener than there are records, and as often as they need', () => {
    const few = { ...defaultUsage, requests: 200 };
    expect(billedItems([audited], { usage: few })['s3-put audit']).toBe(500);
    const many = { ...defaultUsage, requests: 100_000_000 };
    expect(billedItems([audited], { usage: many })['s3-put audit']).toBe(500_000);
  });

  it('bills nothing where no trail is kept', () => {
    expect(Object.keys(billedItems([aGatewayStack])).filter((item) => item.endsWith(' audit'))).toEqual([]);
  });
});
