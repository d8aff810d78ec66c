import { describe, expect, it } from 'vitest';
import { deploymentBill } from '#core/deploy-cost/deployment-bill.ts';
import { aDeployedStack, aGatewayStack, billedItems, billSetting } from '#test/builders/a-deployed-stack.ts';

describe('billResources', () => {
  it('counts alarms by the metrics they read, keys, idle queues and requests', () => {
    expect(billedItems([aGatewayStack])).toMatchObject({
      'cloudwatch-alarm gateway': 300_000,
      'kms-key gateway': 1_000_000,
      'sqs-request idle queues': 262_800,
      // Half of a million requests.
      'rest-api-request gateway': 1_750_000,
      'lambda-duration gateway': 33_333_500,
      'dynamodb-write ledger': 625_000,
    });
  });

  it('bills every dashboard: none shows so few metrics that it would be free', () => {
    const boards = aDeployedStack('Dashboards-us-east-1', {
      A: ['CloudWatch::Dashboard'],
      B: ['CloudWatch::Dashboard'],
    });
    expect(billedItems([boards])).toEqual({ 'cloudwatch-dashboard dashboards': 6_000_000 });
  });

  it('bills environments that are kept ready, a wall in front, and what a network of one’s own takes', () => {
    const walled = aDeployedStack('Gateway-us-east-1', {
      Answer: ['Lambda::Function', { FunctionName: 'acme-gateway', MemorySize: 1_024 }],
      Live: ['Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } }],
      Wall: ['WAFv2::WebACL', { Rules: [{}, {}, {}] }],
      Endpoint: ['EC2::VPCEndpoint', { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] }],
      Free: ['EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }],
      Nat: ['EC2::NatGateway'],
    });
    expect(billedItems([walled])).toMatchObject({
      'lambda-provisioned gateway': 17_520_350,
      'waf-acl gateway': 5_000_000,
      'waf-rule gateway': 3_000_000,
      'waf-request gateway': 300_000,
      'endpoint-hour gateway': 14_600_000,
      'nat-hour gateway': 32_850_000,
    });
  });

  it('bills an alarm on a band with both of its edges, and a composite alarm by itself', () => {
    const watched = aDeployedStack('Gateway-us-east-1', {
      Band: ['CloudWatch::Alarm', { ThresholdMetricId: 'band', Metrics: [{ MetricStat: {} }, {}] }],
      Whole: ['CloudWatch::CompositeAlarm', { AlarmRule: 'ALARM("a")' }],
    });
    expect(billedItems([watched])).toMatchObject({
      'cloudwatch-alarm gateway': 300_000,
      'cloudwatch-composite-alarm gateway': 500_000,
    });
  });

  it('bills the fewest environments that scaling keeps ready', () => {
    const scaled = aDeployedStack('Gateway-us-east-1', {
      Answer: ['Lambda::Function', { FunctionName: 'acme-gateway', MemorySize: 1_024 }],
      Ready: ['ApplicationAutoScaling::ScalableTarget', { ServiceNamespace: 'lambda', MinCapacity: 2 }],
      Copies: ['ApplicationAutoScaling::ScalableTarget', { ServiceNamespace: 'sagemaker', MinCapacity: 5 }],
    });
    expect(billedItems([scaled])['lambda-provisioned gateway']).toBe(17_520_350);
  });

  it('names what costs money and has no price here', () => {
    const strange = aDeployedStack('Other-us-east-1', {
      A: ['Neptune::DBCluster'],
      B: ['Neptune::DBCluster'],
    });
    expect(deploymentBill([strange], billSetting).notPriced).toEqual([
      { type: 'AWS::Neptune::DBCluster', count: 2 },
    ]);
  });
});
