import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { stateKeyAlias } from '#contract/resources.ts';
import type { ForeignReaders } from '../constructs/key-policy.ts';
import { RegionKey } from '../constructs/region-key.ts';
import { functionRoleArn } from '../deployment-names.ts';
import { gatewayPlaces } from '../places.ts';
import { SpillwayStack } from './spillway-stack.ts';

export interface KeysStackProps {
  readonly config: SpillwayConfig;
  /** In which replicas stand, besides home. */
  readonly region: string;
}

/** The key of one region's replicas. CloudFormation makes a key only in the region in which its stack stands. */
export class KeysStack extends SpillwayStack {
  readonly key: RegionKey;

  constructor(scope: Construct, id: string, { config, region }: KeysStackProps) {
    super(scope, id, {
      config,
      place: { account: config.home.account, region },
      description: `Spillway: the key of the tables in ${region}`,
    });
    this.key = createStateKey(this, config, region);
  }
}

/** The key of the home account's tables in one region. */
export function createStateKey(scope: Construct, config: SpillwayConfig, region: string): RegionKey {
  const foreignReaders = region === config.home.region ? readersAtHome(config) : readersOf(config, region);
  return new RegionKey(scope, 'StateKey', {
    deployment: config.name,
    description: `Tables of ${config.name} in ${region}`,
    alias: stateKeyAlias(config.name),
    foreignReaders,
  });
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
