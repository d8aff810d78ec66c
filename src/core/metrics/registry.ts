/**
 * core/metrics: every metric of the product, in one list from which documentation, dashboards and alarms are made.
 *
 * Invariant: nothing is published under a name or dimension that does not stand here, so that the monthly bill of a
 * configuration is known before it is deployed. The folder owns no state.
 */

import { lanes } from '../capacity/lane.ts';
import type { MetricDefinition, MetricShape } from './metric-definition.ts';
import { serviceLevelMetrics } from './service-level-metrics.ts';

export type { MetricDefinition, MetricShape };

/** CloudWatch's price of one custom metric for a month, below 10,000 metrics an account; more get cheaper. */
export const METRIC_USD_PER_MONTH = 0.3;

export const targetGroups = ['usable', 'legacy', 'blocked', 'unknown'] as const;
export type TargetGroup = (typeof targetGroups)[number];

/** Codes of `contract/http.ts` that a model can end in, and `answered`. A bound, not a list: most never happen. */
const OUTCOMES_MAX = 12;
const PROBE_OUTCOMES = 3;
const GATEWAY_EVENTS = 13;
/** Of `core/failures/failure-table.ts`. */
const FAILURE_CLASSES = 7;

/** Every model has the tiers serverless and baseline; only some have the dedicated one. */
const perModelAndTier = ({ models, dedicatedModels, gateways }: MetricShape): number =>
  (models * 2 + dedicatedModels) * gateways;
const perDedicatedModel = ({ dedicatedModels, gateways }: MetricShape): number => dedicatedModels * gateways;
const perModel = ({ models, gateways }: MetricShape): number => models * gateways;
const perTenant = ({ tenants, gateways }: MetricShape): number => tenants * gateways;
const perLane = ({ gateways }: MetricShape): number => lanes.length * gateways;
const perGateway = ({ gateways }: MetricShape): number => gateways;
const once = (): number => 1;

const availability = (
  name: string,
  rest: Omit<MetricDefinition, 'namespace' | 'name' | 'instrument'> & { readonly instrument?: 'gauge' },
): MetricDefinition => ({ namespace: 'Spillway/Availability', name, instrument: 'counter', ...rest });

const gateway = (
  name: string,
  unit: MetricDefinition['unit'],
  rest: Pick<MetricDefinition, 'dimensions' | 'meaning' | 'countMax'> & { readonly instrument?: 'histogram' },
): MetricDefinition => ({
  namespace: 'Spillway/Gateway',
  name,
  unit,
  instrument: 'counter',
  writer: 'gateway',
  zeroPublished: false,
  ...rest,
});

const batches = (
  name: string,
  unit: MetricDefinition['unit'],
  rest: { readonly meaning: string; readonly instrument?: 'histogram' },
): MetricDefinition => ({
  ...gateway(name, unit, { dimensions: ['Model'], countMax: perModel, ...rest }),
  writer: 'dispatch',
});

export const metricRegistry: readonly MetricDefinition[] = [
  availability('ModelAvailability', {
    unit: 'Count',
    instrument: 'gauge',
    dimensions: ['Account', 'Region', 'ModelId'],
    meaning: 'Targets (plain id and profiles) of a tracked model that can be called in the region.',
    writer: 'discover',
    zeroPublished: false,
    countMax: ({ accountRegions, trackedModels }) => accountRegions * trackedModels,
  }),
  availability('Targets', {
    unit: 'Count',
    instrument: 'gauge',
    dimensions: ['Account', 'Region', 'Group'],
    meaning:
      'Targets of the region by group: usable, legacy, blocked (a field says why), unknown (no answer yet, or an old one).',
    writer: 'discover',
    zeroPublished: false,
    countMax: ({ accountRegions }) => accountRegions * targetGroups.length,
  }),
  availability('DiscoveryErrors', {
    unit: 'Count',
    dimensions: ['Account', 'Region'],
    meaning: 'Parts of a run that failed: lists, availability checks, endpoints.',
    writer: 'discover',
    zeroPublished: false,
    countMax: ({ accountRegions }) => accountRegions,
  }),
  availability('DiscoveryAge', {
    unit: 'Seconds',
    instrument: 'gauge',
    dimensions: ['Account'],
    meaning: 'Age of the oldest report among the regions of the account. Grows when a discovery has died.',
    writer: 'plan',
    zeroPublished: true,
    countMax: ({ accounts }) => accounts,
  }),
  availability('RegionsSilent', {
    unit: 'Count',
    instrument: 'gauge',
    dimensions: [],
    meaning: 'Configured regions whose report is missing, or older than `guard.ageSecondsMax`.',
    writer: 'plan',
    zeroPublished: false,
    countMax: once,
  }),
  availability('GuardRefusals', {
    unit: 'Count',
    dimensions: ['Model'],
    meaning: 'Routes of the model whose change the guard refused in this run.',
    writer: 'plan',
    zeroPublished: false,
    countMax: ({ models }) => models,
  }),
  availability('GuardRefusalsStanding', {
    unit: 'Count',
    instrument: 'gauge',
    dimensions: [],
    meaning:
      'Routes that the guard has kept for three runs and fifteen minutes. Any pages: it never passes by itself.',
    writer: 'plan',
    zeroPublished: false,
    countMax: once,
  }),
  availability('RoutesPublished', {
    unit: 'Count',
    dimensions: [],
    meaning: 'Routes published in this run.',
    writer: 'plan',
    zeroPublished: false,
    countMax: once,
  }),
  availability('BadItems', {
    unit: 'Count',
    dimensions: [],
    meaning: 'Table items that could not be read (shape, checksum, schema) and were ignored.',
    writer: 'plan',
    zeroPublished: false,
    countMax: once,
  }),
  availability('Probes', {
    unit: 'Count',
    dimensions: ['Outcome'],
    meaning: 'Proofs of targets: answered, refused, inconclusive.',
    writer: 'verify',
    zeroPublished: false,
    countMax: () => PROBE_OUTCOMES,
  }),
  availability('PointsLost', {
    unit: 'Count',
    dimensions: [],
    meaning: 'Metric points that could not be published since the last success.',
    writer: 'metric sink',
    zeroPublished: false,
    // One per place that publishes: every observed region, and home.
    countMax: ({ accountRegions }) => accountRegions + 1,
  }),
  gateway('Requests', 'Count', {
    dimensions: ['Model', 'Tier'],
    meaning: 'Requests by the tier that answered, or that was tried last.',
    countMax: perModelAndTier,
  }),
  gateway('Errors', 'Count', {
    dimensions: ['Model', 'Outcome'],
    meaning: 'Requests that ended without an answer, by outcome.',
    countMax: (shape) => perModel(shape) * OUTCOMES_MAX,
  }),
  gateway('TimeToFirstToken', 'Milliseconds', {
    instrument: 'histogram',
    dimensions: ['Model', 'Tier'],
    meaning: 'From the arrival of the request to the first content.',
    countMax: perModelAndTier,
  }),
  gateway('TimePerOutputToken', 'Milliseconds', {
    instrument: 'histogram',
    dimensions: ['Model', 'Tier'],
    meaning: 'Mean time between output tokens after the first.',
    countMax: perModelAndTier,
  }),
  gateway('WakeUps', 'Count', {
    dimensions: ['Model'],
    meaning: 'Calls sent only to wake a scaled-to-zero target.',
    countMax: perDedicatedModel,
  }),
  gateway('Spilled', 'Count', {
    dimensions: ['Model'],
    meaning:
      'Answers from another tier than the best one of the route, because that one had no room, failed or slept. Its sum over that of `Requests` is the spilled share.',
    countMax: perModel,
  }),
  gateway('LeaseDenials', 'Count', {
    dimensions: ['Model'],
    meaning:
      'Times that a full target was asked for a slot and gave none: the request went on to the next one.',
    countMax: perModel,
  }),
  gateway('KvReservedShare', 'None', {
    dimensions: ['Model'],
    meaning:
      'Cache of dedicated copies that requests held: tokens × time, over what this gateway region may lend in a minute. Its sum over a minute is the mean share that was reserved.',
    countMax: perDedicatedModel,
  }),
  gateway('QueueWait', 'Milliseconds', {
    instrument: 'histogram',
    dimensions: ['Model'],
    meaning:
      'How long requests waited for a slot: before they went to the next tier, or because every target was full.',
    countMax: perModel,
  }),
  gateway('SlotsReservedShare', 'None', {
    dimensions: ['Model'],
    meaning:
      'Slots of dedicated targets that answers held: their time, over what this gateway region may lend in a minute. Its sum over a minute is the mean share that was taken.',
    countMax: perDedicatedModel,
  }),
  gateway('LaneSlotTime', 'Milliseconds', {
    dimensions: ['Lane'],
    meaning:
      'How long answers held slots. Its sum over a period’s length is how many slots the lane had at a time, on average.',
    countMax: perLane,
  }),
  gateway('LaneQueueWait', 'Milliseconds', {
    instrument: 'histogram',
    dimensions: ['Lane'],
    meaning: 'How long requests of the lane waited for a slot, of those that waited.',
    countMax: perLane,
  }),
  gateway('LaneDenials', 'Count', {
    dimensions: ['Lane'],
    meaning: 'Times that a full target was asked for a slot of the lane and gave none.',
    countMax: perLane,
  }),
  gateway('ColdStarts', 'Count', {
    dimensions: ['Model'],
    meaning: 'Requests that were kept waiting or sent elsewhere because a dedicated target had no copy.',
    countMax: perDedicatedModel,
  }),
  gateway('GatewayStartTime', 'Milliseconds', {
    instrument: 'histogram',
    dimensions: [],
    meaning:
      'From the start of a gateway’s process until it had its routes. Its sample count is how many environments started cold.',
    countMax: perGateway,
  }),
  gateway('Chains', 'Count', {
    dimensions: ['FirstModel'],
    meaning: 'Chains that began: first calls of a trace, by their model.',
    countMax: perModel,
  }),
  gateway('ChainCalls', 'Count', {
    dimensions: ['FirstModel'],
    meaning: 'Calls of chains. Its sum over that of `Chains` is the fan-out per trace.',
    countMax: perModel,
  }),
  gateway('ColdChains', 'Count', {
    dimensions: ['FirstModel'],
    meaning:
      'Chains of which at least one call was kept waiting or sent elsewhere because a dedicated target had no copy. Its sum over that of `Chains` is the cold-start share.',
    countMax: perModel,
  }),
  gateway('PreWarms', 'Count', {
    dimensions: ['FirstModel'],
    meaning: 'Calls sent at the start of a chain only to wake a dedicated target that it will probably need.',
    countMax: perModel,
  }),
  gateway('Failovers', 'Count', {
    dimensions: ['Model'],
    meaning: 'Attempts after the first of a request.',
    countMax: perModel,
  }),
  gateway('FailoversByClass', 'Count', {
    dimensions: ['Class'],
    meaning:
      'The same attempts by what kind of failure led to them: quota, no-capacity, broken, targets-fault, unable, no-credentials, callers-fault (a larger context may still answer).',
    countMax: ({ gateways }) => gateways * FAILURE_CLASSES,
  }),
  gateway('RetriesRefused', 'Count', {
    dimensions: [],
    meaning:
      'Times that the retry budget of a process was spent, so that a request went past a target that had just failed, or ended.',
    countMax: perGateway,
  }),
  gateway('Ejections', 'Count', {
    dimensions: ['Model'],
    meaning:
      'Targets and regions that were left out because their calls failed: once for all processes of a gateway region, by the model whose call showed it.',
    countMax: perModel,
  }),
  gateway('InputTokens', 'Count', {
    dimensions: ['Model', 'Tier'],
    meaning: 'Tokens read, cached ones included.',
    countMax: perModelAndTier,
  }),
  gateway('OutputTokens', 'Count', {
    dimensions: ['Model', 'Tier'],
    meaning: 'Tokens written.',
    countMax: perModelAndTier,
  }),
  gateway('EstimatedUsage', 'Count', {
    dimensions: ['Model'],
    meaning: 'Answers whose tokens and cost were estimated, since the target told no counts.',
    countMax: perModel,
  }),
  gateway('Cost', 'None', {
    dimensions: ['Model', 'Tier'],
    meaning: 'What the answers cost, in USD, where every price is known.',
    countMax: perModelAndTier,
  }),
  gateway('TenantInputTokens', 'Count', {
    dimensions: ['Tenant'],
    meaning: 'Tokens that the tenant’s requests had read, cached ones included.',
    countMax: perTenant,
  }),
  gateway('TenantOutputTokens', 'Count', {
    dimensions: ['Tenant'],
    meaning: 'Tokens that were written for the tenant.',
    countMax: perTenant,
  }),
  gateway('TenantCost', 'None', {
    dimensions: ['Tenant'],
    meaning: 'What the tenant’s answers cost, in USD, where every price is known.',
    countMax: perTenant,
  }),
  ...serviceLevelMetrics,
  gateway('Events', 'Count', {
    dimensions: ['Event'],
    meaning:
      'Things that operators count: bad route, key, health and learned items, failed refreshes, health and learning that could not be shared, lost signals, limits without their ledger, slots that nobody could grant or that were lost, batches of spans that no collector took.',
    countMax: ({ gateways }) => gateways * GATEWAY_EVENTS,
  }),
  batches('BatchLines', 'Count', {
    meaning:
      'Lines of batches whose files were read and found good. Its sum less those of `BatchLinesCompleted` and `BatchLinesFailed` is what waits.',
  }),
  batches('BatchLinesCompleted', 'Count', {
    meaning: 'Lines of batches that were answered with status 200.',
  }),
  batches('BatchLinesFailed', 'Count', {
    meaning:
      'Lines of batches that ended in any other way: refused, not answered, cancelled, expired, given up.',
  }),
  batches('BatchCallsRepeated', 'Count', {
    meaning:
      'Calls of lines that were under way when their dispatcher died, and were made again: each may have been made twice.',
  }),
  batches('BatchLineAge', 'Seconds', {
    instrument: 'histogram',
    meaning:
      'From the making of a batch to the end of its lines. Its maximum is how long the oldest line that ended had waited.',
  }),
  batches('BatchChunkTime', 'Milliseconds', {
    meaning:
      'How long dispatchers had chunks of lines. Its sum over a period’s length is how many were at work at a time, on average.',
  }),
  gateway('AuditRecordsUnsent', 'Count', {
    dimensions: ['Region'],
    meaning:
      'Records of decisions that the queue of the audit trail did not take: each stands in the log, as `audit-record-unsent`.',
    countMax: ({ auditedGateways }) => auditedGateways,
  }),
];

const byKey = new Map(metricRegistry.map((each) => [`${each.namespace}/${each.name}`, each]));

/** Undefined for a name that the registry does not hold. */
export function findMetric(namespace: string, name: string): MetricDefinition | undefined {
  return byKey.get(`${namespace}/${name}`);
}

/** The most that the custom metrics of a configuration can cost a month, in USD, at the first price step. */
export function monthlyBillUsd(shape: MetricShape): number {
  const count = metricRegistry.reduce((sum, each) => sum + each.countMax(shape), 0);
  // Cents, so that sums of 0.3 do not show binary dust.
  return Math.round(count * METRIC_USD_PER_MONTH * 100) / 100;
}
