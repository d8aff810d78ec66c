import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { metricNamespaces } from '#contract/resources.ts';
import { bundledConfig } from '../bundled-config.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { FunctionSchedule } from '../constructs/function-schedule.ts';
import { SpillwayFunction } from '../constructs/spillway-function.ts';
import { ObservationsGrants } from '../constructs/table-access.ts';
import { functionName, functionRoleName } from '../deployment-names.ts';
import { MetricsLink } from '../monitoring/metrics-link.ts';
import { ScheduledFunctionAlarms } from '../monitoring/scheduled-function-alarms.ts';
import { dedicatedArns } from '../permissions/dedicated-arns.ts';
import { putMetrics } from '../permissions/put-metrics.ts';
import { grantUseStateKeys } from '../permissions/use-state-keys.ts';
import type { Place } from '../places.ts';
import { sinkOf } from './observability-stack.ts';
import { SpillwayStack } from './spillway-stack.ts';

export interface DiscoveryStackProps {
  readonly config: SpillwayConfig;
  /** The account and region that are observed. */
  readonly place: Place;
}

/** Asks one account in one region what it can serve, on a clock. */
export class DiscoveryStack extends SpillwayStack {
  readonly discover: SpillwayFunction;
  readonly alarms: ScheduledFunctionAlarms;

  constructor(scope: Construct, id: string, { config, place }: DiscoveryStackProps) {
    super(scope, id, {
      config,
      place,
      description: 'Spillway: observes the models of one account and region',
    });
    this.discover = new SpillwayFunction(this, 'Discover', {
      folder: 'discover',
      functionName: functionName(config.name, 'discover'),
      roleName: functionRoleName({ deployment: config.name, kind: 'discover', region: place.region }),
      description: 'Writes what this account can serve in this region',
      configJson: bundledConfig(config),
      timeout: Duration.seconds(55),
      // Two runs at once would ask twice and race for one item.
      reservedConcurrency: 1,
      keepsFailedCalls: true,
    });
    this.grantReadCatalogue();
    this.grantReadEndpoints();
    new ObservationsGrants({ deployment: config.name, ...config.home }).grantWriteObservations(
      this.discover,
      place,
    );
    grantUseStateKeys(this.discover, config, [config.home.region]);
    putMetrics(this.discover, metricNamespaces.availability);
    new FunctionSchedule(this, 'DiscoverSchedule', {
      scheduleName: functionName(config.name, 'discover'),
      target: this.discover,
      everySeconds: config.discovery.everySeconds,
      offsetKey: `${place.account}#${place.region}`,
    });
    this.alarms = new ScheduledFunctionAlarms(this, 'Alarms', {
      ...{ config, kind: 'discover', watched: this.discover },
      place: `${place.account} in ${place.region}`,
    });
    const sinkArn = sinkOf(config, place);
    if (sinkArn !== undefined) new MetricsLink(this, 'Metrics', { sinkArn });
  }

  private grantReadCatalogue(): void {
    this.discover.role.addToPolicy(
      new PolicyStatement({
        sid: 'ReadCatalogue',
        actions: [
          'bedrock:GetFoundationModelAvailability',
          'bedrock:ListFoundationModels',
          'bedrock:ListInferenceProfiles',
          'servicequotas:ListServiceQuotas',
        ],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:RequestedRegion': this.place.region } },
      }),
    );
    acknowledge(this.discover, {
      'AwsSolutions-IAM5[Resource::*]':
        'Lists of the Bedrock catalogue and of quotas and PutMetricData name no resource; the lists are bound to this region, the other to one metric namespace.',
    });
  }

  private grantReadEndpoints(): void {
    const resources = dedicatedArns(this.config, this.place);
    if (resources.length === 0) return;
    this.discover.role.addToPolicy(
      new PolicyStatement({
        sid: 'ReadEndpoints',
        actions: ['sagemaker:DescribeEndpoint', 'sagemaker:DescribeInferenceComponent'],
        resources: [...resources],
      }),
    );
  }
}
