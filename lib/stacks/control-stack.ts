import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { SpillwayConfig } from '#contract/config.ts';
import { metricNamespaces } from '#contract/resources.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { bundledConfig } from '../bundled-config.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { AuditWitness } from '../constructs/audit-witness.ts';
import { FunctionSchedule } from '../constructs/function-schedule.ts';
import { SpillwayFunction } from '../constructs/spillway-function.ts';
import { StreamTrigger } from '../constructs/stream-trigger.ts';
import { grantReadControls, ObservationsGrants, RoutesGrants } from '../constructs/table-access.ts';
import { type FunctionKind, functionName, functionRoleName } from '../deployment-names.ts';
import { CONTROL_EVERY_SECONDS } from '../monitoring/alarm-settings.ts';
import { PlanAlarms } from '../monitoring/plan-alarms.ts';
import { ScheduledFunctionAlarms } from '../monitoring/scheduled-function-alarms.ts';
import { assumeAccessRoles } from '../permissions/assume-access-roles.ts';
import { grantInvoke } from '../permissions/grant-invoke.ts';
import { putMetrics } from '../permissions/put-metrics.ts';
import { grantUseStateKeys } from '../permissions/use-state-keys.ts';
import type { Place } from '../places.ts';
import { SpillwayStack } from './spillway-stack.ts';

export interface ControlStackProps {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  /** Home, or the region that stands by. */
  readonly place: Place;
  /**
   * The stream of the observations, whose changes start plan.
   * @default - plan and verify are there but rest, as in the region that stands by
   */
  readonly observationStreamArn?: string;
  /**
   * For the functions' logs: a key of the same account and region, which CloudWatch Logs may use.
   * @default - a key of CloudWatch's own
   */
  readonly logKey?: IKey;
}

/** Turns observations into routes, and proves targets. */
export class ControlStack extends SpillwayStack {
  readonly plan: SpillwayFunction;
  readonly verify: SpillwayFunction;
  readonly #logKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: ControlStackProps) {
    const { config, facts, place, observationStreamArn, logKey } = props;
    super(scope, id, {
      config,
      place,
      description: 'Spillway: plan publishes routes, verify proves targets',
    });
    this.#logKey = logKey;
    this.plan = this.createPlan();
    this.verify = this.createVerify(facts);
    const active = observationStreamArn !== undefined;
    if (active)
      new StreamTrigger(this, 'PlanOnChange', { streamArn: observationStreamArn, target: this.plan });
    new FunctionSchedule(this, 'PlanSchedule', {
      scheduleName: functionName(config.name, 'plan'),
      target: this.plan,
      everySeconds: CONTROL_EVERY_SECONDS,
      enabled: active,
    });
    new FunctionSchedule(this, 'VerifySchedule', {
      scheduleName: functionName(config.name, 'verify'),
      target: this.verify,
      everySeconds: CONTROL_EVERY_SECONDS,
      enabled: active && config.verify.enabled,
    });
    if (active) this.createAlarms();
    if (active && config.audit.enabled)
      new AuditWitness(this, 'AuditWitness', { config, ...(logKey === undefined ? {} : { logKey }) });
  }

  /** Of what is at work: a region that stands by is silent on purpose. */
  private createAlarms(): void {
    const { config } = this;
    const ofPlan = new ScheduledFunctionAlarms(this, 'PlanFunctionAlarms', {
      ...{ config, kind: 'plan', watched: this.plan },
    });
    new PlanAlarms(this, 'PlanAlarms', { config, ofFunction: ofPlan.byId });
    if (!config.verify.enabled) return;
    new ScheduledFunctionAlarms(this, 'VerifyFunctionAlarms', {
      ...{ config, kind: 'verify', watched: this.verify },
    });
  }

  private createPlan(): SpillwayFunction {
    const plan = this.createFunction('plan', 'Computes, guards and publishes routes', Duration.minutes(2));
    new RoutesGrants(this.owner()).grantPublishRoutes(plan, this.place.region);
    if (this.config.state.controls !== undefined) grantReadControls(plan, this.owner(), [this.place.region]);
    return plan;
  }

  private createVerify(facts: CompiledFacts): SpillwayFunction {
    const { config } = this;
    const verify = this.createFunction('verify', 'Proves targets with one token', Duration.minutes(5));
    new RoutesGrants(this.owner()).grantReadRoutes(verify, this.place.region);
    const observations = new ObservationsGrants({ ...this.owner(), region: config.home.region });
    observations.grantWriteVerifications(verify);
    assumeAccessRoles(verify, config, this.place.account);
    grantInvoke(verify.role, { config, facts, account: this.place.account });
    return verify;
  }

  private createFunction(kind: FunctionKind, description: string, timeout: Duration): SpillwayFunction {
    const created = new SpillwayFunction(this, kind === 'plan' ? 'Plan' : 'Verify', {
      folder: kind,
      functionName: functionName(this.config.name, kind),
      roleName: functionRoleName({ deployment: this.config.name, kind, region: this.place.region }),
      description,
      configJson: bundledConfig(this.config),
      timeout,
      ...(this.#logKey === undefined ? {} : { logKey: this.#logKey }),
      // One at a time: two would prove the same target twice, or race to publish.
      reservedConcurrency: 1,
      keepsFailedCalls: true,
    });
    new ObservationsGrants({ ...this.owner(), region: this.config.home.region }).grantReadObservations(
      created,
    );
    grantUseStateKeys(created, this.config, [this.place.region, this.config.home.region]);
    putMetrics(created, metricNamespaces.availability);
    acknowledge(created, {
      'AwsSolutions-IAM5[Resource::*]':
        'PutMetricData names no resource; it is bound to one metric namespace.',
    });
    return created;
  }

  private owner(): { readonly deployment: string; readonly account: string } {
    return { deployment: this.config.name, account: this.config.home.account };
  }
}
