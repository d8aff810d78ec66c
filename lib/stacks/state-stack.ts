import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { ControlsTable, type ControlsTableProps } from '../constructs/controls-table.ts';
import type { IStateTable } from '../constructs/existing-table.ts';
import { type IObservationsTable, ObservationsTable } from '../constructs/observations-table.ts';
import type { IRegionKey } from '../constructs/region-key.ts';
import { RoutesTable } from '../constructs/routes-table.ts';
import { StrongSet } from '../constructs/strong-set.ts';
import { TenantsTable } from '../constructs/tenants-table.ts';
import { functionRoleArn } from '../deployment-names.ts';
import { gatewayPlaces, hasOperators } from '../places.ts';
import { announceKeyPolicies, createStateKey } from './keys-stack.ts';
import { SpillwayStack } from './spillway-stack.ts';

export interface StateStackProps {
  readonly config: SpillwayConfig;
}

/** All that the product remembers. Its tables outlive the stack: deleting it deletes no item. */
export class StateStack extends SpillwayStack {
  readonly key: IRegionKey;
  readonly routes: IStateTable;
  readonly observations: IObservationsTable;
  readonly tenants: IStateTable;
  /** Undefined where operators' words are not kept strongly consistent. */
  readonly controls: ControlsTable | undefined;

  constructor(scope: Construct, id: string, { config }: StateStackProps) {
    super(scope, id, {
      config,
      place: config.home,
      description: 'Spillway: routes, observations and tenants',
    });
    const { account, region } = config.home;
    this.key = createStateKey(this, config, region);
    announceKeyPolicies(this, config);
    const { keys: replicaKeys, existing } = config.state;
    const owner = { deployment: config.name, account, region, key: this.key, replicaKeys };
    const foreignGateways = gatewayPlaces(config)
      .filter(({ account }) => account !== config.home.account)
      .map((place) => ({
        ...place,
        roleArn: functionRoleArn({ deployment: config.name, kind: 'gateway', ...place }),
      }));
    const routes = {
      ...owner,
      replicaRegions: replicaRegions(config),
      foreignGateways,
      ...(hasOperators(config) ? { operatedModels: Object.keys(config.models) } : {}),
    };
    this.routes = existing.routes
      ? RoutesTable.fromDeployment(this, 'Routes', routes)
      : new RoutesTable(this, 'Routes', routes);
    const tenants = { ...owner, replicaRegions: replicaRegions(config), foreignGateways };
    this.tenants = existing.tenants
      ? TenantsTable.fromDeployment(this, 'Tenants', tenants)
      : new TenantsTable(this, 'Tenants', tenants);
    const observations = {
      ...owner,
      foreignAccounts: config.accounts.map(({ id }) => id).filter((id) => id !== config.home.account),
      foreignReaders: foreignGateways,
    };
    this.observations =
      existing.observations === undefined
        ? new ObservationsTable(this, 'Observations', observations)
        : ObservationsTable.fromDeployment(this, 'Observations', {
            ...observations,
            ...existing.observations,
          });
    this.controls = createControls(this, config, { ...owner, foreignGateways });
  }
}

function createControls(
  scope: Construct,
  config: SpillwayConfig,
  props: Omit<ControlsTableProps, 'set' | 'operated'>,
): ControlsTable | undefined {
  const { controls } = config.state;
  if (controls === undefined) return undefined;
  return new ControlsTable(scope, 'Controls', {
    ...props,
    set: StrongSet.of(controls),
    operated: hasOperators(config),
  });
}

/** Where a key of tables is made besides home: with every copy of a table that has none of its owner's. */
export function keyRegions(config: SpillwayConfig): readonly string[] {
  const regions = new Set([...replicaRegions(config), ...(config.state.controls?.regions ?? [])]);
  regions.delete(config.home.region);
  return [...regions].filter((region) => config.state.keys[region] === undefined).sort();
}

/** Every gateway reads routes and keys in its own region, and plan writes them in its own, standing by or not. */
function replicaRegions(config: SpillwayConfig): readonly string[] {
  const standby = config.standby === undefined ? [] : [config.standby];
  const regions = new Set([...config.gateways, ...standby]);
  regions.delete(config.home.region);
  return [...regions].sort();
}
