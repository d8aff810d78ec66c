import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { type AccessCaller, AccessRole } from '../constructs/access-role.ts';
import { functionRoleArn } from '../deployment-names.ts';
import { grantInvoke } from '../permissions/grant-invoke.ts';
import { guardrailStatements } from '../permissions/guardrail-statements.ts';
import { gatewayPlaces, type Place } from '../places.ts';
import { SpillwayStack } from './spillway-stack.ts';

export interface AccessStackProps {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  /** The account, and any one of its regions: a role is global. */
  readonly place: Place;
  /** The organization that callers must belong to. @default - not asked for */
  readonly organizationId?: string;
}

/** Lets gateways and verify call one account's models. */
export class AccessStack extends SpillwayStack {
  readonly access: AccessRole;

  constructor(scope: Construct, id: string, props: AccessStackProps) {
    const { config, facts, place, organizationId } = props;
    super(scope, id, { config, place, description: 'Spillway: what gateways may call in this account' });
    this.access = new AccessRole(this, 'Access', {
      deployment: config.name,
      callers: accessCallers(config, place.account),
      ...(organizationId === undefined ? {} : { organizationId }),
    });
    grantInvoke(this.access.role, { config, facts, account: place.account });
    for (const statement of guardrailStatements({ config, facts, account: place.account }))
      this.access.role.addToPolicy(statement);
  }
}

/**
 * Who calls an account's models from outside: every gateway and verify, except those that run in the account itself
 * and call as themselves. None where the deployment has one account.
 */
export function accessCallers(config: SpillwayConfig, account: string): readonly AccessCaller[] {
  const deployment = config.name;
  const home = config.home.account;
  const standby = config.standby === undefined ? [] : [{ account: home, region: config.standby }];
  const gateways = gatewayPlaces(config).map((place) => ({ ...place, kind: 'gateway' as const }));
  const verifiers = [config.home, ...standby].map((place) => ({ ...place, kind: 'verify' as const }));
  return [...gateways, ...verifiers]
    .filter((caller) => caller.account !== account)
    .map((caller) => ({ account: caller.account, roleArn: functionRoleArn({ deployment, ...caller }) }));
}
