/**
 * Gateway metrics as CloudWatch's embedded metric format: one JSON line per request in the log stream, from which
 * CloudWatch makes the metrics. Nothing is called on the request path.
 */
import { metricNamespaces } from '#contract/resources.ts';
import { type MetricPointDraft, metricPoint } from '#core/metrics/metric-point.ts';
import { isDelivered } from '#usecases/gateway/settle.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { GatewayMetrics, RequestRecord } from '#usecases/ports/gateway-metrics.ts';
import type { MetricPoint } from '#usecases/ports/metric-sink.ts';

const PICO_USD_PER_USD = 1e12;
const namespace = metricNamespaces.gateway;

export function createEmfGatewayMetrics(options: {
  readonly clock: Pick<Clock, 'now'>;
  /** Takes one line with its end. */
  readonly write: (line: string) => void;
}): GatewayMetrics {
  const { clock, write } = options;
  return {
    record: (record) => write(emfLine(pointsOfRecord(record), record.at, factsOfRecord(record))),
    count(event) {
      const at = clock.now();
      const point = metricPoint({ namespace, name: 'Events', value: 1, dimensions: { Event: event }, at });
      write(emfLine(point === undefined ? [] : [point], at, {}));
    },
  };
}

/** Every metric of one request, by the registry. Zeros that are not published are left out. */
function pointsOfRecord(record: RequestRecord): readonly MetricPointDraft[] {
  const { at, model, tier } = record;
  const ofModel = (name: string, value: number) =>
    metricPoint({ namespace, name, value, dimensions: { Model: model }, at });
  // Without a call there is no tier, and then nothing that a tier could be charged with.
  const ofTier = (name: string, value: number | undefined) =>
    tier === undefined || value === undefined
      ? undefined
      : metricPoint({ namespace, name, value, dimensions: { Model: model, Tier: tier }, at });
  const failed = !isDelivered(record.outcome);
  const points = [
    ofTier('Requests', 1),
    failed
      ? metricPoint({
          namespace,
          name: 'Errors',
          value: 1,
          dimensions: { Model: model, Outcome: record.outcome },
          at,
        })
      : undefined,
    ofTier('TimeToFirstToken', record.timeToFirstTokenMs),
    ofTier('TimePerOutputToken', record.timePerOutputTokenMs),
    ofModel('WakeUps', record.wakeUps),
    ofModel('Spilled', record.spilled ? 1 : 0),
    ofModel('Failovers', Math.max(0, record.attempts.length - 1)),
    ofTier('InputTokens', inputTokens(record)),
    ofTier('OutputTokens', record.outputTokens),
    ofTier(
      'Cost',
      record.costPicoUsd === undefined ? undefined : Number(record.costPicoUsd) / PICO_USD_PER_USD,
    ),
  ];
  return points.filter((point) => point !== undefined);
}

/** What a line says beside its metrics: an allow-list, no prompt, no answer, no key. */
function factsOfRecord(record: RequestRecord): Readonly<Record<string, unknown>> {
  return {
    event: 'request',
    requestId: record.requestId,
    tenant: record.tenant,
    residency: record.residency,
    target: record.target,
    outcome: record.outcome,
    streamed: record.streamed,
    durationMs: record.durationMs,
    attempts: record.attempts.map(({ target, outcome, durationMs, dropped }) => ({
      target,
      outcome,
      durationMs,
      dropped,
    })),
  };
}

function inputTokens(record: RequestRecord): number | undefined {
  if (record.inputTokens === undefined) return undefined;
  return record.inputTokens + (record.cacheReadInputTokens ?? 0) + (record.cacheWriteInputTokens ?? 0);
}

/** One line for all points: their names differ, and where they share a dimension they share its value. */
function emfLine(
  points: readonly MetricPointDraft[],
  at: number,
  facts: Readonly<Record<string, unknown>>,
): string {
  const members: Record<string, unknown> = {};
  for (const { name, value, dimensions } of points) {
    Object.assign(members, dimensions);
    members[name] = value;
  }
  const rest = JSON.stringify({ ...members, ...facts });
  const tail = rest === '{}' ? '}' : `,${rest.slice(1)}`;
  return `{"_aws":{"Timestamp":${at},"CloudWatchMetrics":${directivesOf(points)}}${tail}\n`;
}

/** As JSON. What a line announces follows from its metrics' names alone, and few sets of them ever come. */
const knownDirectives = new Map<string, string>();
const KNOWN_MAX = 1_000;

function directivesOf(points: readonly MetricPointDraft[]): string {
  const key = points.map(({ name }) => name).join();
  const known = knownDirectives.get(key);
  if (known !== undefined) return known;
  if (knownDirectives.size >= KNOWN_MAX) knownDirectives.clear();
  const directives = new Map<string, { dimensions: string[]; metrics: { Name: string; Unit: string }[] }>();
  for (const { name, unit, dimensions } of points) {
    const names = Object.keys(dimensions);
    const directive = directives.get(names.join()) ?? { dimensions: names, metrics: [] };
    directives.set(names.join(), directive);
    directive.metrics.push({ Name: name, Unit: unit });
  }
  const text = JSON.stringify(
    [...directives.values()].map(({ dimensions, metrics }) => ({
      Namespace: namespace,
      Dimensions: [dimensions],
      Metrics: metrics,
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
