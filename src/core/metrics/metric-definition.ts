/** What decides how many metrics a configuration makes. */
export interface MetricShape {
  readonly accounts: number;
  /** Pairs of account and region that are observed. */
  readonly accountRegions: number;
  /** Bedrock models whose access is checked. */
  readonly trackedModels: number;
  /** Logical models. */
  readonly models: number;
  /** Those of them that have a dedicated target. */
  readonly dedicatedModels: number;
  readonly gateways: number;
  /** Those of them that keep an audit trail. */
  readonly auditedGateways: number;
  readonly tenants: number;
}

/**
 * How its values add up, in OpenTelemetry's words. `counter`: their sum says something. `gauge`: the latest of a place
 * does. `histogram`: their percentiles do; it is published value by value, so that CloudWatch can tell them.
 */
type MetricInstrument = 'counter' | 'gauge' | 'histogram';

export interface MetricDefinition {
  readonly namespace: 'Spillway/Availability' | 'Spillway/Gateway';
  readonly name: string;
  readonly unit: 'Count' | 'Seconds' | 'Milliseconds' | 'None';
  readonly instrument: MetricInstrument;
  readonly dimensions: readonly string[];
  readonly meaning: string;
  /** Who writes it. */
  readonly writer: 'discover' | 'plan' | 'verify' | 'gateway' | 'dispatch' | 'metric sink';
  /** False: a zero is left out, so that what never happens costs nothing. */
  readonly zeroPublished: boolean;
  /** Most distinct metrics (name and dimension values) that a configuration can make of it. */
  readonly countMax: (shape: MetricShape) => number;
}
