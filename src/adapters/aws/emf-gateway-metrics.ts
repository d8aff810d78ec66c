/**
 * Gateway metrics as CloudWatch's embedded metric format: one JSON line per request in the log stream, from which
 * CloudWatch makes the metrics. Nothing is called on the request path.
 */
import { metricNamespaces } from '#contract/resources.ts';
import { failureClassOf } from '#core/failures/failure-class-of.ts';
import { findMetric } from '#core/metrics/registry.ts';
import { invariant } from '#core/units/invariant.ts';
import { jsonText } from '#core/units/json-text.ts';
import { isDelivered } from '#usecases/gateway/settle.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type {
  AttemptRecord,
  ChainCallRecord,
  ChainMetrics,
  GatewayMetrics,
  RequestRecord,
} from '#usecases/ports/gateway-metrics.ts';
import type { MetricPoint } from '#usecases/ports/metric-sink.ts';

const PICO_USD_PER_USD = 1e12;
const namespace = metricNamespaces.gateway;

export function createEmfGatewayMetrics(options: {
  readonly clock: Pick<Clock, 'now'>;
  /** Takes one line with its end. */
  readonly write: (line: string) => void;
}): GatewayMetrics & ChainMetrics & StartMetrics {
  const { clock, write } = options;
  return {
    record(record) {
      write(lineOfRequest(record));
      if (record.attempts.length > 1) for (const line of linesOfFailovers(record)) write(line);
    },
    started({ at, durationMs }) {
      const members = `"${starts.name}":${numberText(durationMs)},"event":"gateway-start"`;
      write(emfLine({ at, announced: [starts], members }));
    },
    ejected({ at, model, target }) {
      const members = `"Model":${jsonText(model)},"${ejections.name}":1,"event":"ejection","target":${jsonText(target)}`;
      write(emfLine({ at, announced: [ejections], members }));
    },
    chainCalled: (call) => write(lineOfChainCall(call)),
    count(event) {
      const members = JSON.stringify({ Event: event, [events.name]: 1 }).slice(1, -1);
      write(emfLine({ at: clock.now(), announced: [events], members }));
    },
  };
}

export interface StartMetrics {
  /** A gateway has its routes, so long after its process began. `at` in epoch milliseconds. */
  started(start: { readonly at: number; readonly durationMs: number }): void;
}

/** A metric of the registry, and where a request has its value; undefined where it has none. */
interface GatewayMetric<Record = RequestRecord> {
  readonly name: string;
  readonly unit: string;
  readonly dimensions: readonly string[];
  readonly zeroPublished: boolean;
  readonly byTier: boolean;
  /** A power of two of its own: sums tell sets of metrics apart. */
  readonly mark: number;
  readonly read: (record: Record) => number | undefined;
}

let marked = 0;
const ofRegistry = <Record = RequestRecord>(
  name: string,
  read: GatewayMetric<Record>['read'],
): GatewayMetric<Record> => {
  const definition = findMetric(namespace, name);
  invariant(definition !== undefined, `metric ${namespace}/${name} does not stand in the registry`);
  marked += 1;
  return { ...definition, byTier: definition.dimensions.includes('Tier'), mark: 2 ** marked, read };
};

const events = ofRegistry('Events', () => 1);
const ejections = ofRegistry('Ejections', () => 1);
const starts = ofRegistry('GatewayStartTime', () => 1);
const failoversByClass = ofRegistry('FailoversByClass', () => 1);

/** Every metric of one request. */
const requestMetrics: readonly GatewayMetric[] = [
  ofRegistry('Requests', () => 1),
  ofRegistry('Errors', ({ outcome }) => (isDelivered(outcome) ? undefined : 1)),
  ofRegistry('TimeToFirstToken', ({ timeToFirstTokenMs }) => timeToFirstTokenMs),
  ofRegistry('TimePerOutputToken', ({ timePerOutputTokenMs }) => timePerOutputTokenMs),
  ofRegistry('WakeUps', ({ wakeUps }) => wakeUps),
  ofRegistry('Spilled', ({ spilled }) => (spilled ? 1 : 0)),
  ofRegistry('LeaseDenials', ({ leaseDenials }) => leaseDenials),
  ofRegistry('KvReservedShare', ({ kvReservedShare }) => kvReservedShare),
  ofRegistry('QueueWait', ({ slotWaitMs }) => slotWaitMs),
  ofRegistry('Failovers', ({ attempts }) => Math.max(0, attempts.length - 1)),
  ofRegistry('RetriesRefused', ({ retriesRefused }) => retriesRefused),
  ofRegistry('ColdStarts', ({ metCold }) => (metCold === true ? 1 : 0)),
  ofRegistry('SlotsReservedShare', ({ slotsReservedShare }) => slotsReservedShare),
  ofRegistry('LaneSlotTime', ({ slotHeldMs }) => slotHeldMs),
  ofRegistry('LaneQueueWait', ({ slotWaitMs }) => slotWaitMs),
  ofRegistry('LaneDenials', ({ leaseDenials }) => leaseDenials),
  ofRegistry('Chains', ({ chain }) => (chain?.isFirst === true ? 1 : undefined)),
  ofRegistry('ChainCalls', ({ chain }) => (chain === undefined ? undefined : 1)),
  ofRegistry('ColdChains', ({ chain }) => (chain?.turnedCold === true ? 1 : undefined)),
  ofRegistry('PreWarms', ({ chain }) => chain?.preWarms),
  ofRegistry('EstimatedUsage', ({ usageEstimated }) => (usageEstimated === true ? 1 : 0)),
  ofRegistry('InputTokens', inputTokens),
  ofRegistry('OutputTokens', ({ outputTokens }) => outputTokens),
  ofRegistry('Cost', costUsd),
  ofRegistry('ServiceCalls', ({ serviceLevel }) => (serviceLevel === undefined ? 0 : 1)),
  ofRegistry('ServiceFailures', ({ serviceLevel }) => (serviceLevel === 'failed' ? 1 : 0)),
  ofRegistry('SlowStarts', ({ serviceLevel }) => (serviceLevel === 'slow' ? 1 : 0)),
  ofRegistry('ServiceCost', costUsd),
  ofRegistry('TenantInputTokens', inputTokens),
  ofRegistry('TenantOutputTokens', ({ outputTokens }) => outputTokens),
  ofRegistry('TenantCost', costUsd),
];

/** Every metric of a call of a chain that is told by itself. */
const chainMetrics: readonly GatewayMetric<ChainCallRecord>[] = [
  ofRegistry('Chains', ({ isFirst, weight }) => (isFirst ? weight : 0)),
  ofRegistry('ChainCalls', ({ weight }) => weight),
  ofRegistry('ColdChains', ({ turnedCold, weight }) => (turnedCold ? weight : 0)),
  ofRegistry('PreWarms', ({ preWarms }) => preWarms),
];

function lineOfChainCall(call: ChainCallRecord): string {
  const announced = chainMetrics.filter(({ read }) => (read(call) ?? 0) > 0);
  const values = announced.map(({ name, read }) => `"${name}":${read(call)},`).join('');
  const members = `${values}"FirstModel":${jsonText(call.firstModel)},"event":"chain-call"`;
  return emfLine({ at: call.at, announced, members });
}

/** One line for all metrics: their names differ, and where they share a dimension they share its value. */
function lineOfRequest(record: RequestRecord): string {
  const announced: GatewayMetric[] = [];
  let members = '';
  for (const metric of requestMetrics) {
    // Without a call there is no tier, and then nothing that a tier could be charged with.
    if (record.tier === undefined && metric.byTier) continue;
    const value = metric.read(record);
    if (value === undefined || (value === 0 && !metric.zeroPublished)) continue;
    invariant(Number.isFinite(value), () => `metric ${metric.name} has the value ${value}`);
    announced.push(metric);
    members += `"${metric.name}":${numberText(value)},`;
  }
  return emfLine({ at: record.at, announced, members: members + factsOf(record) });
}

/** One line a class, since a line has one value of each dimension: requests that go on are few. */
function* linesOfFailovers({ at, requestId, model, attempts }: RequestRecord): Generator<string> {
  const counts = new Map<string, number>();
  for (const { outcome } of attempts.slice(0, -1)) {
    const failureClass = failureClassOf(outcome);
    if (failureClass !== undefined) counts.set(failureClass, (counts.get(failureClass) ?? 0) + 1);
  }
  for (const [failureClass, count] of counts) {
    const members = `"Class":"${failureClass}","${failoversByClass.name}":${count},"event":"failover","requestId":${jsonText(requestId)},"model":${jsonText(model)}`;
    yield emfLine({ at, announced: [failoversByClass], members });
  }
}

/** The dimensions' values, and what a line says beside its metrics: an allow-list, no prompt, no answer, no key. */
function factsOf(record: RequestRecord): string {
  const { model, tier, target, outcome, requestId, tenant, lane, residency, streamed } = record;
  const { durationMs, attempts } = record;
  const ofTier = tier === undefined ? '' : `"Tier":"${tier}",`;
  const ofOutcome = isDelivered(outcome) ? '' : `"Outcome":${jsonText(outcome)},`;
  const ofChain = record.chain === undefined ? '' : `"FirstModel":${jsonText(record.chain.firstModel)},`;
  const ofTarget = target === undefined ? '' : `"target":${jsonText(target)},`;
  const ofTrace = record.traceId === undefined ? '' : `"traceId":"${record.traceId}",`;
  return `"Model":${jsonText(model)},"Tenant":${jsonText(tenant)},"Lane":"${lane}",${ofTrace}${ofTier}${ofOutcome}${ofChain}${ofTarget}"event":"request","requestId":${jsonText(requestId)},"tenant":${jsonText(tenant)},"lane":"${lane}","residency":${jsonText(residency)},"outcome":${jsonText(outcome)},"streamed":${streamed},"durationMs":${numberText(durationMs)},"attempts":[${attempts.map(attemptJson).join()}]`;
}

/**
 * As JSON, of what is measured in fractions to a thousandth: sixteen digits take four times as long to write, and are no
 * more true.
 */
function numberText(value: number): string {
  if (Number.isInteger(value) || value < 1 || value > THOUSANDTHS_MAX) return `${value}`;
  const thousandths = Math.round(value * 1000);
  const rest = thousandths % 1000;
  return `${(thousandths - rest) / 1000}.${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}`;
}

/** A quarter of an hour in milliseconds. */
const THOUSANDTHS_MAX = 1_000_000;

function attemptJson({ target, outcome, durationMs }: AttemptRecord): string {
  return `{"target":${jsonText(target)},"outcome":${jsonText(outcome)},"durationMs":${numberText(durationMs)}}`;
}

function costUsd({ costPicoUsd }: RequestRecord): number | undefined {
  return costPicoUsd === undefined ? undefined : Number(costPicoUsd) / PICO_USD_PER_USD;
}

function inputTokens(record: RequestRecord): number | undefined {
  if (record.inputTokens === undefined) return undefined;
  return record.inputTokens + (record.cacheReadInputTokens ?? 0) + (record.cacheWriteInputTokens ?? 0);
}

/** @param line.members JSON of all members but `_aws`, without braces */
function emfLine(line: {
  readonly at: number;
  readonly announced: readonly AnnouncedMetric[];
  readonly members: string;
}): string {
  const { at, announced, members } = line;
  return `{"_aws":{"Timestamp":${at},"CloudWatchMetrics":${directivesOf(announced)}},${members}}\n`;
}

type AnnouncedMetric = Omit<GatewayMetric, 'read'>;

/** As JSON. What a line announces follows from its metrics alone, and few sets of them ever come. */
const knownDirectives = new Map<number, string>();

function directivesOf(announced: readonly AnnouncedMetric[]): string {
  let key = 0;
  for (const { mark } of announced) key += mark;
  const known = knownDirectives.get(key);
  if (known !== undefined) return known;
  const directives = Map.groupBy(announced, ({ dimensions }) => dimensions.join());
  const text = JSON.stringify(
    [...directives.values()].map((metrics) => ({
      Namespace: namespace,
      Dimensions: [metrics[0]?.dimensions],
      Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
    })),
  );
  knownDirectives.set(key, text);
  return text;
}

interface EmfLine {
  readonly _aws?: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

/** The points that CloudWatch would make of a line, for where no CloudWatch reads the log. Other lines give none. */
export function pointsOfEmfLine(line: string): readonly MetricPoint[] {
  let parsed: EmfLine;
  try {
    parsed = JSON.parse(line);
  } catch {
    return [];
  }
  const { _aws } = parsed;
  if (_aws === undefined) return [];
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name, Unit }) => ({
        namespace: Namespace,
        name: Name,
        unit: Unit,
        value: Number(parsed[Name]),
        dimensions: Object.fromEntries(names.map((name) => [name, String(parsed[name])])),
        at: _aws.Timestamp,
      })),
    ),
  );
}
