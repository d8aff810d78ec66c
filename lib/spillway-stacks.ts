import type { App } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { discoveredPlaces, gatewayPlaces, type Place } from './places.ts';
import { withProcessesMax } from './processes-max.ts';
import { residencyNames } from './residency-names.ts';
import { AccessStack, accessCallers } from './stacks/access-stack.ts';
import { ControlStack } from './stacks/control-stack.ts';
import { DashboardsStack } from './stacks/dashboards-stack.ts';
import { DedicatedStack, deployedPlaces } from './stacks/dedicated-stack.ts';
import { DiscoveryStack } from './stacks/discovery-stack.ts';
import { GatewayStack } from './stacks/gateway-stack.ts';
import { KeysStack } from './stacks/keys-stack.ts';
import { NamesStack } from './stacks/names-stack.ts';
import { ObservabilityStack, sinkPlaces } from './stacks/observability-stack.ts';
import { PipelineStack } from './stacks/pipeline-stack.ts';
import type { SpillwayStack } from './stacks/spillway-stack.ts';
import { keyRegions, StateStack } from './stacks/state-stack.ts';

export interface SpillwayStacksOptions {
  /** Checked: `parseConfig` and `checkConfig` found nothing wrong. */
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  /** The organization that callers of other accounts must belong to. @default - not asked for */
  readonly organizationId?: string;
  /** Requests in flight that each gateway may hold. @default - `gatewayFunction.reservedConcurrency` */
  readonly gatewayConcurrency?: number;
}

export interface SpillwayStacks {
  /** One in each region that has a replica of the tables, besides home. */
  readonly keys: readonly KeysStack[];
  readonly state: StateStack;
  readonly control: readonly ControlStack[];
  readonly discovery: readonly DiscoveryStack[];
  readonly access: readonly AccessStack[];
  readonly gateways: readonly GatewayStack[];
  readonly dedicated: readonly DedicatedStack[];
  /** Undefined where gateways have no names of their own. */
  readonly names: NamesStack | undefined;
  /** None unless `observability.createSinks`. */
  readonly observability: readonly ObservabilityStack[];
  /** Undefined without `observability.dashboards`. */
  readonly dashboards: DashboardsStack | undefined;
  /** Undefined unless `pipeline`. */
  readonly pipeline: PipelineStack | undefined;
}

type DeployedParts = Omit<SpillwayStacks, 'pipeline'>;

/**
 * Every stack of a deployment.
 *
 *     Access-<account>   Discovery-<account>-<region>   Gateway-<region>      names only, no references
 *     Dedicated-<account>-<region>       Names-<account>    Pipeline-<home>   likewise
 *     Dashboards-<home>                                                       likewise
 *     State-<home>  <──  Control-<account>-<region>                           the stream of observations, the key of logs
 *     Keys-<region> <──  State-<home>                                         by the keys' alias
 *
 * Stacks of different accounts and regions know each other by name alone, so that each can be deployed on its own and
 * in any order after Keys and State.
 */
export function createSpillwayStacks(app: App, asked: SpillwayStacksOptions): SpillwayStacks {
  const { facts, organizationId } = asked;
  const gatewayConcurrency = concurrencyOf(asked);
  // All functions share one file of it.
  const config = withProcessesMax(asked.config, gatewayConcurrency);
  const options = { ...asked, config };
  const keys = keyRegions(config).map((region) => new KeysStack(app, `Keys-${region}`, { config, region }));
  const state = new StateStack(app, `State-${config.home.region}`, { config });
  for (const each of keys) state.addStackDependency(each, 'replicas need their keys');
  const parts: DeployedParts = {
    state,
    keys,
    control: createControl(app, options, { state, keys }),
    discovery: discoveredPlaces(config).map(
      (place) => new DiscoveryStack(app, `Discovery-${place.account}-${place.region}`, { config, place }),
    ),
    access: calledAccounts(config).map(
      (place) =>
        new AccessStack(app, `Access-${place.account}`, {
          config,
          facts,
          place,
          ...(organizationId === undefined ? {} : { organizationId }),
        }),
    ),
    gateways: gatewayPlaces(config).map(
      (place) =>
        new GatewayStack(app, `Gateway-${place.region}`, {
          config,
          facts,
          place,
          ...(gatewayConcurrency === undefined ? {} : { reservedConcurrency: gatewayConcurrency }),
        }),
    ),
    dedicated: deployedPlaces(config).map(
      (place) =>
        new DedicatedStack(app, `Dedicated-${place.account}-${place.region}`, { config, facts, place }),
    ),
    names: createNames(app, config, facts),
    observability: sinkPlaces(config).map(
      (place) =>
        new ObservabilityStack(app, `Observability-${place.region}`, {
          config,
          place,
          ...(organizationId === undefined ? {} : { organizationId }),
        }),
    ),
    dashboards: config.observability.dashboards
      ? new DashboardsStack(app, `Dashboards-${config.home.region}`, { config })
      : undefined,
  };
  return { ...parts, pipeline: createPipeline(app, options, parts) };
}

function createControl(
  app: App,
  { config, facts }: SpillwayStacksOptions,
  { state, keys }: Pick<SpillwayStacks, 'state' | 'keys'>,
): readonly ControlStack[] {
  const { home, standby } = config;
  const id = (region: string) => `Control-${home.account}-${region}`;
  const active = new ControlStack(app, id(home.region), {
    config,
    facts,
    place: home,
    observationStreamArn: state.observations.streamArn,
    logKey: state.key.key,
  });
  if (standby === undefined) return [active];
  const resting = { account: home.account, region: standby };
  const own = config.state.keys[standby];
  const logKey =
    own === undefined
      ? (keys.find(({ place }) => place.region === standby)?.key.key ?? state.key.key)
      : Key.fromKeyArn(state, 'StandbyKey', own);
  return [active, new ControlStack(app, id(standby), { config, facts, place: resting, logKey })];
}

/** Accounts that others call. A role is global in its account; its stack stands in the account's first region. */
function calledAccounts(config: SpillwayConfig): readonly Place[] {
  return config.accounts.flatMap(({ id, regions: [region] }) =>
    region === undefined || accessCallers(config, id).length === 0 ? [] : [{ account: id, region }],
  );
}

/** @throws RangeError when the command line keeps less for gateways than the configuration keeps ready */
function concurrencyOf({ config, gatewayConcurrency }: SpillwayStacksOptions): number | undefined {
  const { reservedConcurrency, provisionedConcurrency } = config.gatewayFunction;
  if (gatewayConcurrency === undefined) return reservedConcurrency;
  const ready = provisionedConcurrency?.max ?? provisionedConcurrency?.min ?? 0;
  if (ready <= gatewayConcurrency) return gatewayConcurrency;
  throw new RangeError(
    `context gatewayConcurrency: ${gatewayConcurrency} must be at least ${ready}, as many as gatewayFunction.provisionedConcurrency keeps ready`,
  );
}

/** Route 53 has no regions; its stack stands in the first one of the account that owns the zone. */
function createNames(app: App, config: SpillwayConfig, facts: CompiledFacts): NamesStack | undefined {
  const [zone] = config.frontDoor.domain?.zones ?? [];
  const names = residencyNames(config, facts);
  const owner = config.accounts.find(({ id }) => id === zone?.account);
  const region = owner?.regions[0];
  if (zone === undefined || region === undefined || names.length === 0) return undefined;
  const place = { account: zone.account, region };
  return new NamesStack(app, `Names-${zone.account}`, { config, place, zone, names });
}

/** Made last: its stages are the waves of everything else. */
function createPipeline(
  app: App,
  { config, organizationId, gatewayConcurrency }: SpillwayStacksOptions,
  parts: DeployedParts,
): PipelineStack | undefined {
  const { pipeline, home } = config;
  if (pipeline === undefined) return undefined;
  const stacks = Object.values(parts).flatMap(
    (part: SpillwayStack | readonly SpillwayStack[] | undefined) => part ?? [],
  );
  return new PipelineStack(app, `Pipeline-${home.region}`, {
    config,
    pipeline,
    stacks: stacks.map(({ node, place }) => ({ id: node.id, ...place })),
    context: {
      ...(organizationId === undefined ? {} : { organization: organizationId }),
      ...(gatewayConcurrency === undefined ? {} : { gatewayConcurrency }),
    },
  });
}
