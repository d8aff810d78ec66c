import { CfnOutput, Duration, Fn, SecretValue } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { environmentNames, gatewayKeyAlias, keyPepperSecretName } from '#contract/resources.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { bundledConfig } from '../bundled-config.ts';
import { AuditTrail } from '../constructs/audit-trail.ts';
import { BulkLane } from '../constructs/bulk-lane.ts';
import { CapacityTable } from '../constructs/capacity-table.ts';
import type { IDoor } from '../constructs/door.ts';
import { GatewayNetwork } from '../constructs/gateway-network.ts';
import { LedgerTable } from '../constructs/ledger-table.ts';
import { ReadyEnvironments } from '../constructs/ready-environments.ts';
import { RegionKey, type RegionKeyProps } from '../constructs/region-key.ts';
import { ServiceEndpoints } from '../constructs/service-endpoints.ts';
import { SpillwayFunction } from '../constructs/spillway-function.ts';
import {
  grantReadKeys,
  ObservationsGrants,
  operateAtHome,
  operateHere,
  RoutesGrants,
} from '../constructs/table-access.ts';
import { GatewayWebFunction } from '../constructs/web-function.ts';
import { functionName, functionRoleName, witnessRoleArn } from '../deployment-names.ts';
import { GatewayAlarms } from '../monitoring/gateway-alarms.ts';
import { assumeAccessRoles } from '../permissions/assume-access-roles.ts';
import { endpointStatements } from '../permissions/endpoint-statements.ts';
import { grantInvoke } from '../permissions/grant-invoke.ts';
import { guardrailStatements } from '../permissions/guardrail-statements.ts';
import { grantUseControls } from '../permissions/use-controls.ts';
import { grantUseStateKeys } from '../permissions/use-state-keys.ts';
import { hasOperators, type Place } from '../places.ts';
import { frontDoorOf, networkSourceOf } from './gateway-choices.ts';
import { SpillwayStack } from './spillway-stack.ts';

/** The longest that a function and a streamed answer of the front door may last. */
const ANSWER_SECONDS_MAX = 900;

/** What a request may take beyond its own deadline, to end in an error of ours and not of the platform. */
const MARGIN_SECONDS = 10;

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
  readonly frontDoor: IDoor;
  /** Undefined where the functions stand in no VPC. */
  readonly network: GatewayNetwork | undefined;
  /** Undefined where there is none beside the front door. */
  readonly webFunction: GatewayWebFunction | undefined;
  /** Undefined where no environment is kept ready. */
  readonly ready: ReadyEnvironments | undefined;
  /** Undefined where batches are switched off. */
  readonly bulkLane: BulkLane | undefined;

  constructor(scope: Construct, id: string, props: GatewayStackProps) {
    const { config, facts, place, reservedConcurrency } = props;
    super(scope, id, { config, place, description: `Spillway: the gateway of ${place.region}` });
    const timeout = answerTimeout(config);
    const logRetention: RetentionDays = config.gatewayFunction.logRetentionDays;
    const key = new RegionKey(this, 'Key', {
      deployment: config.name,
      description: `Tables and logs of the gateway of ${config.name} in ${place.region}`,
      ...(config.audit.enabled ? witnessReads(config, place) : {}),
    });
    this.network = this.#createNetwork(props, key);
    const network = this.network === undefined ? {} : { network: this.network };
    this.gateway = new SpillwayFunction(this, 'Gateway', {
      folder: 'gateway',
      functionName: functionName(config.name, 'gateway'),
      roleName: functionRoleName({ deployment: config.name, kind: 'gateway', region: place.region }),
      description: 'Answers requests from the routing table',
      configJson: bundledConfig(config),
      servesConsole: config.console.enabled,
      timeout,
      memoryMebibytes: config.gatewayFunction.memoryMebibytes,
      logRetention,
      logKey: key.key,
      ...network,
      secretEnvironment: keyPeppers(config),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    });
    const owner = { deployment: config.name, account: config.home.account };
    const routes = new RoutesGrants(owner);
    grantUseStateKeys(this.gateway, config, [place.region, config.home.region]);
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
    grantUseControls(this.gateway, config, place.region);
    // For the availability board, which nobody's prompt waits for.
    new ObservationsGrants({ deployment: config.name, ...config.home }).grantReadObservations(this.gateway);
    assumeAccessRoles(this.gateway, config, place.account);
    grantInvoke(this.gateway.role, { config, facts, account: place.account });
    for (const statement of guardrailStatements({ config, facts, account: place.account }))
      this.gateway.role.addToPolicy(statement);
    if (config.batches.enabled) {
      this.bulkLane = new BulkLane(this, 'BulkLane', {
        ...{ config, place, key, logRetention, ...network },
        gateway: this.gateway,
      });
    }
    if (config.audit.enabled)
      new AuditTrail(this, 'AuditTrail', { config, place, key, logRetention }).grantHandOver(this.gateway);
    this.webFunction = this.#createWebFunction(props, { timeout, key });
    this.ready = this.#keepReady(config);
    this.frontDoor = this.#openFrontDoor(props, { timeout, key });
  }

  /** By number, not by name: which zones an account has is not asked when templates are made. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }

  #createNetwork({ config, place }: GatewayStackProps, key: RegionKey): GatewayNetwork | undefined {
    const source = networkSourceOf(config, place.region);
    if (source === undefined) return undefined;
    const network = new GatewayNetwork(this, 'Network', {
      name: functionName(config.name, 'gateway'),
      source,
      logRetention: config.gatewayFunction.logRetentionDays,
      logKey: key.key,
    });
    if (config.gatewayNetworks[place.region]?.existing?.endpoints !== 'exist')
      new ServiceEndpoints(this, 'Endpoints', { network, statements: endpointStatements(config, place) });
    return network;
  }

  #openFrontDoor(
    { config, facts, place }: GatewayStackProps,
    of: { readonly timeout: Duration; readonly key: RegionKey },
  ): IDoor {
    const door = frontDoorOf(config, facts, place.region).bind(this, 'FrontDoor', {
      name: functionName(config.name, 'gateway'),
      handler: this.ready?.alias ?? this.gateway.lambda,
      timeout: of.timeout,
      logRetention: config.gatewayFunction.logRetentionDays,
      logKey: of.key.key,
    });
    new GatewayAlarms(this, 'Alarms', {
      ...{ config, gateway: this.gateway },
      serverErrors: door.metricServerErrors(),
    });
    new CfnOutput(this, 'BaseUrl', {
      description: 'What OpenAI clients take as their base URL',
      value: door.urlForPath('/v1'),
    });
    return door;
  }

  #createWebFunction(
    { config, place }: GatewayStackProps,
    of: { readonly timeout: Duration; readonly key: RegionKey },
  ): GatewayWebFunction | undefined {
    const settings = config.webFunctions[place.region];
    if (settings === undefined) return undefined;
    const { environmentsMax, ...rest } = settings;
    const web = new GatewayWebFunction(this, 'Web', {
      functionName: functionName(config.name, 'web'),
      role: this.gateway.role,
      configJson: bundledConfig(config),
      servesConsole: config.console.enabled,
      secretEnvironment: keyPeppers(config),
      timeout: of.timeout,
      logRetention: config.gatewayFunction.logRetentionDays,
      logKey: of.key.key,
      ...rest,
      ...(environmentsMax === undefined ? {} : { environmentsMax }),
    });
    const { bundle, codeBucket, domainName } = web;
    new CfnOutput(this, 'WebBundle', {
      description: 'What the next release is copied from',
      value: bundle.s3ObjectUrl,
    });
    new CfnOutput(this, 'WebBucket', { description: 'Where releases lie', value: codeBucket.bucketName });
    if (domainName !== undefined)
      new CfnOutput(this, 'WebBaseUrl', {
        description: 'What OpenAI clients take as the base URL of the web function',
        value: `https://${domainName}/v1`,
      });
    return web;
  }

  #keepReady({ gatewayFunction }: SpillwayConfig): ReadyEnvironments | undefined {
    const { provisionedConcurrency: sizes } = gatewayFunction;
    if (sizes === undefined) return undefined;
    const { min, max = min, utilization } = sizes;
    return new ReadyEnvironments(this, 'Ready', { lambda: this.gateway.lambda, min, max, utilization });
  }
}

/** The witness of the audit trail reads one of the region's tables, and knows the key of it by its alias. */
function witnessReads(config: SpillwayConfig, { account }: Place): Partial<RegionKeyProps> {
  const alias = gatewayKeyAlias(config.name);
  if (account === config.home.account) return { alias };
  const principals = { ArnEquals: [witnessRoleArn(config)] };
  return {
    alias,
    foreignReaders: [{ sid: 'WitnessReadsHead', accounts: [config.home.account], principals }],
  };
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

function answerTimeout(config: SpillwayConfig): Duration {
  const totals = [config.deadlines, ...Object.values(config.models).map((model) => model.deadlines)];
  const longestMs = Math.max(...totals.map(({ totalMs }) => totalMs));
  return Duration.seconds(Math.min(ANSWER_SECONDS_MAX, Math.ceil(longestMs / 1000) + MARGIN_SECONDS));
}
