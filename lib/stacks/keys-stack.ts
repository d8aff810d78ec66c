import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { stateKeyAlias } from '#contract/resources.ts';
import type { ForeignReaders } from '../constructs/key-policy.ts';
import { regionKeyStatements } from '../constructs/key-policy.ts';
import { type IRegionKey, RegionKey } from '../constructs/region-key.ts';
import { functionRoleArn } from '../deployment-names.ts';
import { gatewayPlaces } from '../places.ts';
import { policyText } from '../policy-text.ts';
import { SpillwayStack } from './spillway-stack.ts';

export interface KeysStackProps {
  readonly config: SpillwayConfig;
  /** In which replicas stand, besides home. */
  readonly region: string;
}

/** The key of one region's replicas. CloudFormation makes a key only in the region in which its stack stands. */
export class KeysStack extends SpillwayStack {
  readonly key: IRegionKey;

  constructor(scope: Construct, id: string, { config, region }: KeysStackProps) {
    super(scope, id, {
      config,
      place: { account: config.home.account, region },
      description: `Spillway: the key of the tables in ${region}`,
    });
    this.key = createStateKey(this, config, region);
  }
}

/** The key of the home account's tables in one region: one that is there already, or a new one. */
export function createStateKey(scope: Construct, config: SpillwayConfig, region: string): IRegionKey {
  const own = config.state.keys[region];
  if (own !== undefined) return RegionKey.fromKeyArn(scope, 'StateKey', own);
  const foreignReaders = foreignReadersOf(config, region);
  return new RegionKey(scope, 'StateKey', {
    deployment: config.name,
    description: `Tables of ${config.name} in ${region}`,
    alias: stateKeyAlias(config.name),
    foreignReaders,
  });
}

function foreignReadersOf(config: SpillwayConfig, region: string): readonly ForeignReaders[] {
  return region === config.home.region ? readersAtHome(config) : readersOf(config, region);
}

/** Says of each key that is there already what its policy must hold, since nothing changes it from here. */
export function announceKeyPolicies(scope: Construct, config: SpillwayConfig): void {
  for (const [region, arn] of Object.entries(config.state.keys)) {
    const place = { account: config.home.account, region };
    const statements = regionKeyStatements(place, {
      deployment: config.name,
      foreignReaders: foreignReadersOf(config, region),
    });
    Annotations.of(scope).addWarningV2(
      `spillway:key-policy-${region}`,
      `${arn} is there already and is not changed: its policy must hold ${policyText(scope, statements)}`,
    );
  }
}

/** Gateways of other accounts that read this region's replicas. */
function readersOf(config: SpillwayConfig, region: string | undefined): readonly ForeignReaders[] {
  const foreign = gatewayPlaces(config).filter(
    (place) => place.account !== config.home.account && (region === undefined || place.region === region),
  );
  if (foreign.length === 0) return [];
  const roles = foreign.map((place) =>
    functionRoleArn({ deployment: config.name, kind: 'gateway', ...place }),
  );
  return [
    {
      sid: 'GatewaysReadTables',
      accounts: [...new Set(foreign.map(({ account }) => account))].sort(),
      principals: { ArnEquals: roles },
    },
  ];
}

/** At home every gateway reads what was observed, and discovery of every account writes it. */
function readersAtHome(config: SpillwayConfig): readonly ForeignReaders[] {
  const accounts = config.accounts.map(({ id }) => id).filter((id) => id !== config.home.account);
  const discovery: ForeignReaders = {
    sid: 'DiscoveryWritesObservations',
    accounts,
    principals: { ArnLike: [`arn:aws:iam::*:role/${config.name}-discover-*`] },
  };
  return [...readersOf(config, undefined), ...(accounts.length === 0 ? [] : [discovery])];
}
