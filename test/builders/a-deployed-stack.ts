/** Stacks of a deployment by hand, and a setting to bill them in. */
import type { BillSetting } from '#core/deploy-cost/bill-setting.ts';
import { type DeployedStack, resourcesOf } from '#core/deploy-cost/deployed-stack.ts';
import { deploymentBill } from '#core/deploy-cost/deployment-bill.ts';
import { defaultUsage } from '#core/deploy-cost/usage.ts';
import { shippedAwsPrices } from '#runtime/aws-prices-data.ts';

export const billSetting: BillSetting = {
  deployment: 'acme',
  prices: shippedAwsPrices(),
  shape: {
    accounts: 2,
    accountRegions: 3,
    trackedModels: 2,
    models: 2,
    dedicatedModels: 1,
    gateways: 2,
    auditedGateways: 2,
    tenants: 1,
  },
  usage: defaultUsage,
  residencies: 2,
};

type Resources = Readonly<Record<string, readonly [type: string, properties?: object]>>;

/** A stack of resources, each with its type after `AWS::`. */
export function aDeployedStack(id: string, resources: Resources, region = 'us-east-1'): DeployedStack {
  const template = Object.fromEntries(
    Object.entries(resources).map(([name, [type, properties = {}]]) => [
      name,
      { Type: `AWS::${type}`, Properties: { ...properties } },
    ]),
  );
  return { id, account: '111111111111', region, resources: resourcesOf({ Resources: template }) };
}

export const aClock = (expression: string, target: string, state = 'ENABLED') => ({
  Name: 'acme-clock',
  State: state,
  ScheduleExpression: expression,
  Target: { Arn: { 'Fn::GetAtt': [target, 'Arn'] } },
});

/** A discovery every minute. */
export function aDiscoveryStack(region = 'us-east-1'): DeployedStack {
  const run = { FunctionName: 'acme-discover', MemorySize: 512, Timeout: 55 };
  return aDeployedStack(
    `Discovery-111111111111-${region}`,
    { Run: ['Lambda::Function', run], Clock: ['Scheduler::Schedule', aClock('rate(1 minute)', 'Run')] },
    region,
  );
}

export const aGatewayStack = aDeployedStack('Gateway-us-east-1', {
  Answer: ['Lambda::Function', { FunctionName: 'acme-gateway', MemorySize: 1_024, Timeout: 60 }],
  Door: ['ApiGateway::RestApi'],
  Key: ['KMS::Key'],
  Alarm: ['CloudWatch::Alarm', { MetricName: 'Errors' }],
  Share: [
    'CloudWatch::Alarm',
    { Metrics: [{ MetricStat: {} }, { MetricStat: {} }, { Expression: 'm1 / m2' }] },
  ],
  Polls: ['Lambda::EventSourceMapping', { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
  Queue: ['SQS::Queue'],
});

export const aControlStack = aDeployedStack('Control-111111111111-us-east-1', {
  Plan: ['Lambda::Function', { FunctionName: 'acme-plan', MemorySize: 512, Timeout: 120 }],
  Clock: ['Scheduler::Schedule', aClock('cron(0/5 * * * ? *)', 'Plan')],
  Wakes: [
    'Lambda::EventSourceMapping',
    { FunctionName: { Ref: 'Plan' }, EventSourceArn: { 'Fn::ImportValue': 'the stream' } },
  ],
});

/** One of each, as a deployment of `billSetting` has them. */
export const aDeployment: readonly DeployedStack[] = [
  aControlStack,
  ...['us-east-1', 'us-west-2', 'eu-west-1'].map((region) => aDiscoveryStack(region)),
  aGatewayStack,
  { ...aGatewayStack, id: 'Gateway-eu-west-1' },
];

/** Micro-USD by item and what it is of. */
export function billedItems(
  deployed: readonly DeployedStack[],
  changes: Partial<BillSetting> = {},
): Readonly<Record<string, number>> {
  const { items } = deploymentBill(deployed, { ...billSetting, ...changes });
  return Object.fromEntries(items.map(({ item, of, microUsd }) => [`${item} ${of}`, microUsd]));
}
