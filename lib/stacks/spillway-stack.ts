import { Aspects, type IAspect, Stack, Tags } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { deploymentTag } from '#contract/resources.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
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
    Tags.of(this).add(deploymentTag, props.config.name);
    Aspects.of(this).add(inlinePolicies);
  }
}

/** What a role may do is said in the role, here for all of them: each finding is accepted at its own policy. */
const inlinePolicies: IAspect = {
  visit(node: IConstruct): void {
    if (!CfnPolicy.isCfnPolicy(node)) return;
    acknowledge(node, {
      'NIST.800.53.R5-IAMNoInlinePolicy':
        'A policy in the role comes and goes with it, and can be attached to nobody else by mistake.',
    });
  },
};
