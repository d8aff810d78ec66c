import { describe, expect, it } from 'vitest';
import type { BillSetting } from '#core/deploy-cost/bill-setting.ts';
import { type DeployedStack, resourcesOf } from '#core/deploy-cost/deployed-stack.ts';
import { deploymentBill, sumOf } from '#core/deploy-cost/deployment-bill.ts';
import { defaultUsage } from '#core/deploy-cost/usage.ts';
import { METRIC_USD_PER_MONTH, type MetricShape, monthlyBillUsd } from '#core/metrics/registry.ts';
import { shippedAwsPrices } from '#runtime/aws-prices-data.ts';

const shape: MetricShape = {
  accounts: 2,
  accountRegions: 3,
  trackedModels: 2,
  models: 2,
  dedicatedModels: 1,
  gateways: 2,
};
const setting: BillSetting = {
  deployment: 'acme',
  prices: shippedAwsPrices(),
  shape,
  usage: defaultUsage,
  residencies: 2,
};

type Resources = Readonly<Record<string, readonly [type: string, properties?: object]>>;

function stack(id: string, resources: Resources, region = 'us-east-1'): DeployedStack {
  const template = Object.fromEntries(
    Object.entries(resources).map(([name, [type, properties = {}]]) => [
      name,
      { Type: `AWS::${type}`, Properties: { ...properties } },
    ]),
  );
  return { id, account: '111111111111', region, resources: resourcesOf({ Resources: template }) };
}

const discover = { FunctionName: 'acme-discover', MemorySize: 512, Timeout: 55 };
const clock = (expression: string, target: string, state = 'ENABLED') => ({
  Name: 'acme-clock',
  State: state,
  ScheduleExpression: expression,
  Target: { Arn: { 'Fn::GetAtt': [target, 'Arn'] } },
});

function discovery(region = 'us-east-1'): DeployedStack {
  return stack(
    `Discovery-111111111111-${region}`,
    {
      Run: ['Lambda::Function', discover],
      Clock: ['Scheduler::Schedule', clock('rate(1 minute)', 'Run')],
    },
    region,
  );
}

/** Micro-USD by item, of everything that is billed for one use. */
function billed(deployed: readonly DeployedStack[], changes: Partial<BillSetting> = {}) {
  const { items } = deploymentBill(deployed, { ...setting, ...changes });
  return Object.fromEntries(items.map(({ item, of, microUsd }) => [`${item} ${of}`, microUsd]));
}

describe('the bill of a discovery', () => {
  it('has its clock, its runs, its log, its metrics and what it does to the tables of the home region', () => {
    expect(billed([discovery()])).toEqual({
      'scheduler-invocation discover': 43_800,
      'lambda-request discover': 8_760,
      // 43,800 runs of 3 s with half a GiB.
      'lambda-duration discover': 876_004,
      'cloudwatch-put discover': 438_000,
      'logs-ingestion discover': 20_396,
      'logs-storage discover': 1_224,
      'dynamodb-write observations': 27_469,
      'dynamodb-read observations': 10_950,
      // Two models, four groups, errors, lost points.
      'cloudwatch-metric discovery': 8 * 300_000,
    });
  });

  it('costs what it costs in any place, and the dearest one is told', () => {
    const bill = deploymentBill([discovery(), discovery('eu-west-1')], setting);
    expect(bill.stacks.map(({ microUsd }) => microUsd)).toEqual([3_826_603, 3_826_603]);
    expect(bill.discoveryMicroUsdMax).toBe(3_826_603);
  });

  it('grows with the time of a run and with how often it runs, and not with requests', () => {
    const slow = { ...defaultUsage, runMs: { ...defaultUsage.runMs, discover: 6_000 } };
    expect(billed([discovery()], { usage: slow })['lambda-duration discover']).toBe(1_752_009);
    const busy = { ...defaultUsage, requests: 1_000_000_000 };
    expect(billed([discovery()], { usage: busy })).toEqual(billed([discovery()]));
  });
});

describe('the bill of a deployment', () => {
  const gateway = stack('Gateway-us-east-1', {
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
  const control = stack('Control-111111111111-us-east-1', {
    Plan: ['Lambda::Function', { FunctionName: 'acme-plan', MemorySize: 512, Timeout: 120 }],
    Clock: ['Scheduler::Schedule', clock('cron(0/5 * * * ? *)', 'Plan')],
    Wakes: [
      'Lambda::EventSourceMapping',
      { FunctionName: { Ref: 'Plan' }, EventSourceArn: { 'Fn::ImportValue': 'the stream' } },
    ],
  });
  const places = ['us-east-1', 'us-west-2', 'eu-west-1'].map(discovery);
  const all = [control, ...places, gateway, { ...gateway, id: 'Gateway-eu-west-1' }];

  it('adds up: items, stacks and the whole', () => {
    const bill = deploymentBill(all, setting);
    expect(sumOf(bill.items)).toBe(bill.microUsd);
    expect(sumOf(bill.stacks)).toBe(bill.microUsd);
    for (const { lines, microUsd } of bill.stacks) expect(sumOf(lines)).toBe(microUsd);
  });

  it('has exactly the custom metrics that the registry counts, at the registry’s price', () => {
    const { items } = deploymentBill(all, setting);
    const metrics = items.filter(({ item }) => item === 'cloudwatch-metric');
    expect(sumOf(metrics) / 1_000_000).toBeCloseTo(monthlyBillUsd(shape), 6);
    expect(setting.prices.priceOf('cloudwatch-metric').microUsd / 1_000_000).toBe(METRIC_USD_PER_MONTH);
  });

  it('counts alarms by the metrics they read, keys, idle queues and requests', () => {
    expect(billed([gateway])).toMatchObject({
      'cloudwatch-alarm gateway': 300_000,
      'kms-key gateway': 1_000_000,
      'sqs-request idle queues': 262_800,
      // Half of a million requests.
      'rest-api-request gateway': 1_750_000,
      'lambda-duration gateway': 33_333_500,
      'dynamodb-write ledger': 625_000,
    });
  });

  it('has no request at a door that is not there', () => {
    const url = stack('Gateway-us-east-1', {
      Answer: ['Lambda::Function', { FunctionName: 'acme-gateway', MemorySize: 1_024 }],
    });
    expect(billed([url])).not.toHaveProperty('rest-api-request gateway');
    expect(billed([url])['lambda-request gateway']).toBe(100_000);
  });

  it('counts runs that changes start beside those of the clock', () => {
    // 8,760 of the clock, and 30 changes in each of three places.
    expect(billed([control])['lambda-request plan']).toBe(1_752 + 18);
  });

  it('lets what rests cost nothing', () => {
    const resting = stack('Control-111111111111-us-west-2', {
      Plan: ['Lambda::Function', { FunctionName: 'acme-plan' }],
      Clock: ['Scheduler::Schedule', clock('rate(5 minutes)', 'Plan', 'DISABLED')],
    });
    expect(billed([resting])).toEqual({});
  });

  it('takes a function that it does not know by its timeout', () => {
    const other = stack('Other-us-east-1', {
      Sweep: ['Lambda::Function', { FunctionName: 'acme-sweep', MemorySize: 1_024, Timeout: 100 }],
      Clock: ['Scheduler::Schedule', clock('rate(730 hours)', 'Sweep')],
    });
    expect(billed([other])['lambda-duration sweep']).toBe(1_333);
  });

  it('stores and writes routes in every region that has a copy of them', () => {
    const table = (regions: readonly string[]) =>
      stack('State-us-east-1', {
        Routes: [
          'DynamoDB::GlobalTable',
          {
            TableName: 'acme-routes',
            Replicas: regions.map((Region) => ({
              Region,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: Region === 'us-east-1' },
            })),
          },
        ],
      });
    const alone = billed([table(['us-east-1'])]);
    const copied = billed([table(['us-east-1', 'eu-west-1', 'ap-northeast-1'])]);
    // 90 changes, each of two residencies' routes of 6 KB and of their versions.
    expect(alone['dynamodb-write routes']).toBe(1_350);
    expect(copied['dynamodb-replicated-write routes']).toBe(4_050);
    expect(alone['dynamodb-storage routes']).toBe(177);
    expect(copied['dynamodb-storage routes']).toBe(532);
    expect(copied['dynamodb-pitr routes']).toBe(alone['dynamodb-pitr routes']);
  });

  it('bills environments that are kept ready, a wall in front, and what a network of one’s own takes', () => {
    const walled = stack('Gateway-us-east-1', {
      Answer: ['Lambda::Function', { FunctionName: 'acme-gateway', MemorySize: 1_024 }],
      Live: ['Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } }],
      Wall: ['WAFv2::WebACL', { Rules: [{}, {}, {}] }],
      Endpoint: ['EC2::VPCEndpoint', { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] }],
      Free: ['EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }],
      Nat: ['EC2::NatGateway'],
    });
    expect(billed([walled])).toMatchObject({
      'lambda-provisioned gateway': 17_520_350,
      'waf-acl gateway': 5_000_000,
      'waf-rule gateway': 3_000_000,
      'waf-request gateway': 300_000,
      'endpoint-hour gateway': 14_600_000,
      'nat-hour gateway': 32_850_000,
    });
  });

  it('names what costs money and has no price here', () => {
    const strange = stack('Other-us-east-1', { A: ['Neptune::DBCluster'], B: ['Neptune::DBCluster'] });
    expect(deploymentBill([strange], setting).notPriced).toEqual([
      { type: 'AWS::Neptune::DBCluster', count: 2 },
    ]);
  });
});
