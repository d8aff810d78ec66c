import { CfnOutput, Duration, SecretValue } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { environmentNames, keyPepperSecretName } from '#contract/resources.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { bundledConfig } from '../bundled-config.ts';
import { BulkLane } from '../constructs/bulk-lane.ts';
import { CapacityTable } from '../constructs/capacity-table.ts';
import { FrontDoor } from '../constructs/front-door.ts';
import { LedgerTable } from '../constructs/ledger-table.ts';
import { RegionKey } from '../constructs/region-key.ts';
import { SpillwayFunction } from '../constructs/spillway-function.ts';
import {
  grantReadKeys,
  ObservationsGrants,
  operateAtHome,
  operateHere,
  RoutesGrants,
} from '../constructs/table-access.ts';
import { functionName, functionRoleName } from '../deployment-names.ts';
import { assumeAccessRoles } from '../permissions/assume-access-roles.ts';
import { grantInvoke } from '../permissions/grant-invoke.ts';
import { hasOperators, type Place } from '../places.ts';
import { SpillwayStack } from './spillway-stack.ts';

/** The longest that a function and a streamed answer of the front door may last. */
const ANSWER_SECONDS_MAX = 900;

/** What a request may take beyond its own deadline, to end in an error of ours and not of the platform. */
const MARGIN_SECONDS = 10;

/** Article 19(1) of the EU AI Act asks for at least six months of automatic logs; this log says who answered what. */
const LOG_RETENTION = RetentionDays.SIX_MONTHS;

export interface GatewayStackProps {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly place: Place;
  /**
   * Requests in flight that this gateway may hold, kept for it out of the account's concurrency.
   * @default - shares the account's concurrency
   */
  readonly reservedConcurrency?: number;
}

/** One gateway: a front door and the function that answers, in the account to which the region belongs. */
export class GatewayStack extends SpillwayStack {
  readonly gateway: SpillwayFunction;
  readonly frontDoor: FrontDoor;
  /** Undefined where batches are switched off. */
  readonly bulkLane: BulkLane | undefined;

  constructor(scope: Construct, id: string, props: GatewayStackProps) {
    const { config, facts, place, reservedConcurrency } = props;
    super(scope, id, { config, place, description: `Spillway: the gateway of ${place.region}` });
    const timeout = answerTimeout(config);
    const key = new RegionKey(this, 'Key', {
      deployment: config.name,
      description: `Tables and logs of the gateway of ${config.name} in ${place.region}`,
    });
    this.gateway = new SpillwayFunction(this, 'Gateway', {
      folder: 'gateway',
      functionName: functionName(config.name, 'gateway'),
      roleName: functionRoleName({ deployment: config.name, kind: 'gateway', region: place.region }),
      description: 'Answers requests from the routing table',
      configJson: bundledConfig(config),
      timeout,
      memoryMebibytes: 1024,
      logRetention: LOG_RETENTION,
      logKey: key.key,
      secretEnvironment: keyPeppers(config),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    });
    const owner = { deployment: config.name, account: config.home.account };
    const routes = new RoutesGrants(owner);
    grantReadKeys(this.gateway, owner, place.region);
    const own = { deployment: config.name, ...place, key };
    new LedgerTable(this, 'Ledger', own).grantUse(this.gateway);
    new CapacityTable(this, 'Capacity', own).grantUse(this.gateway);
    routes.grantReadRoutes(this.gateway, place.region);
    routes.grantTell(this.gateway, place.region);
    if (hasOperators(config)) {
      const { region: home } = config.home;
      routes.grantOperate(this.gateway, home, operateAtHome(Object.keys(config.models), home));
      routes.grantOperate(this.gateway, place.region, operateHere(place.region));
    }
    // For the availability board, which nobody's prompt waits for.
    new ObservationsGrants({ deployment: config.name, ...config.home }).grantReadObservations(this.gateway);
    assumeAccessRoles(this.gateway, config, place.account);
    grantInvoke(this.gateway.role, { config, facts, account: place.account });
    if (config.batches.enabled) {
      this.bulkLane = new BulkLane(this, 'BulkLane', {
        ...{ config, place, key },
        gateway: this.gateway,
        logRetention: LOG_RETENTION,
      });
    }
    const signedBy = signersOf(config);
    this.frontDoor = new FrontDoor(this, 'FrontDoor', {
      apiName: functionName(config.name, 'gateway'),
      handler: this.gateway.lambda,
      timeout,
      logRetention: LOG_RETENTION,
      logKey: key.key,
      ...(signedBy === undefined ? {} : { signedBy }),
    });
    new CfnOutput(this, 'BaseUrl', {
      description: 'What OpenAI clients take as their base URL',
      value: this.frontDoor.api.urlForPath('/v1'),
    });
  }
}

/**
 * A reference that CloudFormation resolves when it deploys: the template holds no secret, and a function that starts
 * needs no Secrets Manager.
 */
function keyPeppers({ name, keys }: SpillwayConfig): Readonly<Record<string, string>> {
  const secret = keyPepperSecretName(name);
  return {
    [environmentNames.keyPepper]: SecretValue.secretsManager(secret).unsafeUnwrap(),
    // Secrets Manager keeps the version before under this name by itself.
    ...(keys.pepperOverlap
      ? {
          [environmentNames.previousKeyPepper]: SecretValue.secretsManager(secret, {
            versionStage: 'AWSPREVIOUS',
          }).unsafeUnwrap(),
        }
      : {}),
  };
}

/** Undefined where the front door lets everybody through to the function, which asks for keys. */
function signersOf({ frontDoor, tenants, operators }: SpillwayConfig): readonly string[] | undefined {
  if (frontDoor.authorization !== 'iam') return undefined;
  return [...Object.values(tenants).flatMap(({ principals = [] }) => principals), ...operators.principals];
}

function answerTimeout(config: SpillwayConfig): Duration {
  const totals = [config.deadlines, ...Object.values(config.models).map((model) => model.deadlines)];
  const longestMs = Math.max(...totals.map(({ totalMs }) => totalMs));
  return Duration.seconds(Math.min(ANSWER_SECONDS_MAX, Math.ceil(longestMs / 1000) + MARGIN_SECONDS));
}
