import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import type { Place } from '../places.ts';

export interface SpillwayStackProps {
  readonly config: SpillwayConfig;
  /** Where the stack is deployed. */
  readonly place: Place;
  readonly description: string;
}

/**
 * What every stack of a deployment has in common: an explicit place, and a physical name that carries the deployment's,
 * so that two deployments can share an account. On the command line a stack goes by its id, without the prefix.
 */
export class SpillwayStack extends Stack {
  readonly config: SpillwayConfig;
  readonly place: Place;

  constructor(scope: Construct, id: string, props: SpillwayStackProps) {
    super(scope, id, {
      env: { account: props.place.account, region: props.place.region },
      stackName: `${props.config.name}-${id}`,
      description: props.description,
      analyticsReporting: false,
    });
    this.config = props.config;
    this.place = props.place;
    Tags.of(this).add('spillway:deployment', props.config.name);
  }
}
