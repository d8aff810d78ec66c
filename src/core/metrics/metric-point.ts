/** One value of one metric of the registry. */
import { invariant } from '../units/invariant.ts';
import { findMetric, type MetricDefinition } from './registry.ts';

export interface MetricPointDraft {
  readonly namespace: MetricDefinition['namespace'];
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * A point with the unit that the registry gives it. Undefined for a zero that is not published.
 *
 * @throws InvariantError for a name, dimension or value that the registry does not allow
 */
export function metricPoint(options: {
  readonly namespace: MetricDefinition['namespace'];
  readonly name: string;
  readonly value: number;
  /** @default none */
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly at: number;
}): MetricPointDraft | undefined {
  const { namespace, name, value, dimensions = {}, at } = options;
  const definition = findMetric(namespace, name);
  invariant(definition !== undefined, `metric ${namespace}/${name} does not stand in the registry`);
  invariant(Number.isFinite(value), `metric ${name} has the value ${value}`);
  checkDimensions(definition, dimensions);
  if (value === 0 && !definition.zeroPublished) return undefined;
  return { namespace, name, unit: definition.unit, value, dimensions, at };
}

function checkDimensions(
  { name, dimensions: wanted }: MetricDefinition,
  dimensions: Readonly<Record<string, string>>,
): void {
  const named = Object.keys(dimensions);
  if (named.length === wanted.length && named.every((each) => wanted.includes(each))) return;
  const listed = (names: readonly string[]) => [...names].sort().join(',');
  invariant(false, `metric ${name} has dimensions ${listed(wanted)}, not ${listed(named)}`);
}
