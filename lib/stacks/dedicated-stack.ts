import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ModelConfig, SpillwayConfig } from '#contract/config.ts';
import { deploymentOf } from '#core/dedicated/deployment-of.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { DedicatedEndpoint } from '../constructs/dedicated-endpoint.ts';
import type { Place } from '../places.ts';
import { SpillwayStack } from './spillway-stack.ts';

type DedicatedConfig = ModelConfig['dedicated'][number];

export interface DedicatedStackProps {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly place: Place;
}

/** The endpoints of one account in one region that Spillway deploys. Gateways know them by name, as any endpoint. */
export class DedicatedStack extends SpillwayStack {
  readonly endpoints: readonly DedicatedEndpoint[];

  constructor(scope: Construct, id: string, props: DedicatedStackProps) {
    const { config, facts, place } = props;
    super(scope, id, { config, place, description: 'Spillway: dedicated endpoints and their copies' });
    this.endpoints = deployedAt(config, place).map(({ model, dedicated }) =>
      this.createEndpoint({ model, dedicated }, facts),
    );
  }

  private createEndpoint({ model, dedicated }: DeployedEndpoint, facts: CompiledFacts): DedicatedEndpoint {
    const read = deploymentOf(dedicated);
    if (read?.kind !== 'deployment')
      throw new RangeError(`models.${model}: ${dedicated.endpoint} says too little to be deployed`);
    const { network, image, amiVersion } = dedicated.deploy ?? {};
    const endpoint = new DedicatedEndpoint(this, dedicated.endpoint, {
      deployment: read.deployment,
      facts,
      // The checks refuse a target of the cache where no gateway measures it.
      measuredModel: model,
      ...(network === undefined ? {} : { network }),
      ...(image === undefined ? {} : { image }),
      ...(amiVersion === undefined ? {} : { amiVersion }),
    });
    new CfnOutput(endpoint, 'Name', {
      description: `Of the model ${model}, with the component ${dedicated.component}`,
      value: endpoint.endpointName,
    });
    return endpoint;
  }
}

interface DeployedEndpoint {
  readonly model: string;
  readonly dedicated: DedicatedConfig;
}

/** Accounts and regions in which an endpoint is deployed, in order of configuration. */
export function deployedPlaces(config: SpillwayConfig): readonly Place[] {
  const places = allDeployed(config).map(({ dedicated: { account, region } }) => ({ account, region }));
  return places.filter(
    (place, index) =>
      places.findIndex(({ account, region }) => account === place.account && region === place.region) ===
      index,
  );
}

function deployedAt(config: SpillwayConfig, { account, region }: Place): readonly DeployedEndpoint[] {
  return allDeployed(config).filter(
    ({ dedicated }) => dedicated.account === account && dedicated.region === region,
  );
}

function allDeployed(config: SpillwayConfig): readonly DeployedEndpoint[] {
  return Object.entries(config.models).flatMap(([model, { dedicated: all }]) =>
    all.filter(({ deploy }) => deploy !== undefined).map((dedicated) => ({ model, dedicated })),
  );
}
