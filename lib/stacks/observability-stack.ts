import { CfnOutput } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSink } from 'aws-cdk-lib/aws-oam';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { sharedResourceTypes } from '../monitoring/metrics-link.ts';
import { discoveredPlaces, type Place } from '../places.ts';
import { SpillwayStack } from './spillway-stack.ts';

export interface ObservabilityStackProps {
  readonly config: SpillwayConfig;
  /** The home account, in a region in which others are observed. */
  readonly place: Place;
  /**
   * The organization to which accounts that link must belong.
   * @default - not asked for: being in the configuration is enough
   */
  readonly organizationId?: string;
}

/**
 * Where the home account sees the metrics of the accounts that are observed in its region. AWS puts a random id into a sink's ARN, so nobody can
 * spell it before it is there: it is an output, and links are made once it stands in `observability.sinks`.
 */
export class ObservabilityStack extends SpillwayStack {
  constructor(scope: Construct, id: string, { config, place, organizationId }: ObservabilityStackProps) {
    super(scope, id, {
      config,
      place,
      description: `Spillway: takes in the metrics of the accounts that are observed in ${place.region}`,
    });
    const sink = new CfnSink(this, 'Sink', {
      name: config.name,
      policy: sinkPolicy(linkedAccounts(config, place), organizationId),
    });
    new CfnOutput(this, 'SinkArn', {
      description: `What observability.sinks['${place.region}'] of the configuration takes`,
      value: sink.attrArn,
    });
  }
}

/** Accounts besides home that are observed in a region. */
function linkedAccounts(config: SpillwayConfig, { account, region }: Place): readonly string[] {
  return discoveredPlaces(config)
    .filter((place) => place.region === region && place.account !== account)
    .map((place) => place.account);
}

/** Where sinks are made: in the home account, in each region in which others are observed. */
export function sinkPlaces(config: SpillwayConfig): readonly Place[] {
  if (!config.observability.createSinks) return [];
  const { account } = config.home;
  const others = discoveredPlaces(config).filter((place) => place.account !== account);
  return [...new Set(others.map(({ region }) => region))].sort().map((region) => ({ account, region }));
}

/** The sink that takes in the metrics of a place; undefined where none does. An account links to no sink of its own. */
export function sinkOf({ observability }: SpillwayConfig, { account, region }: Place): string | undefined {
  const arn = observability.sinks[region];
  return arn?.split(':')[4] === account ? undefined : arn;
}

/** In the policy of a sink, `*` is the sink itself. */
function sinkPolicy(accounts: readonly string[], organizationId: string | undefined): PolicyDocument {
  const organization =
    organizationId === undefined ? {} : { StringEquals: { 'aws:PrincipalOrgID': organizationId } };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'LinkMetrics',
        principals: accounts.map((account) => new AccountPrincipal(account)),
        actions: ['oam:CreateLink', 'oam:UpdateLink'],
        resources: ['*'],
        conditions: {
          'ForAllValues:StringEquals': { 'oam:ResourceTypes': [...sharedResourceTypes] },
          // Holds for a call that names no type at all too, without this.
          Null: { 'oam:ResourceTypes': 'false' },
          ...organization,
        },
      }),
    ],
  });
}
