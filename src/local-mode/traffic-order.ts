/** What may be ordered of the traffic generator, and what an order means here. */
import type { SpillwayConfig } from '#contract/config.ts';
import {
  type TrafficOrder,
  type TrafficReport,
  type TrafficSettings,
  trafficTraces,
} from '#contract/local-traffic.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { residencyGateways } from '#core/residency/residency-gateways.ts';
import { ControlError } from '#local/service.ts';

/** A laptop serves models and gateways in one process: more would measure nothing but that. */
const requestsPerSecondMax = 50;
const secondsMax = 600;

/** The key that is used, and what it opens. */
export interface TrafficGround {
  readonly key: string | undefined;
  readonly defaultResidency: string | null;
  readonly choices: TrafficReport['choices'];
  /** By residency, the gateways that may read its prompts. */
  readonly gatewaysOf: ReadonlyMap<string, readonly string[]>;
}

/** Of the first tenant whose key stands in the configuration, as local mode's do. */
export function trafficGround(config: SpillwayConfig, facts: CompiledFacts): TrafficGround {
  const tenant = Object.values(config.tenants).find(({ keys }) => keys.length > 0);
  const gatewaysOf = new Map(
    residencyGateways(config, facts).map(({ residency, regions }) => [residency, regions]),
  );
  const chats = Object.entries(config.models).filter(([, { kind }]) => kind === 'chat');
  const may = (model: string): boolean =>
    tenant?.models.some((name) => name === '*' || name === model) === true;
  return {
    key: tenant?.keys[0],
    defaultResidency: tenant?.defaultResidency ?? null,
    gatewaysOf,
    choices: {
      models: chats.map(([name]) => name).filter(may),
      residencies: (tenant?.residencies ?? []).filter((name) => gatewaysOf.has(name)),
      gateways: config.gateways,
      requestsPerSecondMax,
      secondsMax,
    },
  };
}

const defaults = { requestsPerSecond: 4, seconds: 120, trace: 'conversation' } as const;

/** @throws ControlError with everything that is wrong with the order */
export function parseTrafficOrder(body: unknown, ground: TrafficGround): TrafficSettings {
  const order = checkedOrder(body ?? {}, ground);
  const residency = order.residency ?? ground.defaultResidency;
  const lawful = residency === null ? ground.choices.gateways : (ground.gatewaysOf.get(residency) ?? []);
  return {
    requestsPerSecond: order.requestsPerSecond ?? defaults.requestsPerSecond,
    seconds: order.seconds ?? defaults.seconds,
    trace: order.trace ?? defaults.trace,
    models: order.model === undefined ? ground.choices.models : [order.model],
    residency,
    gateways: order.gateways ?? lawful,
  };
}

/** Undefined where the value is right, else what would be. */
type Rule = (value: unknown) => string | undefined;

const oneOf =
  (values: readonly string[]): Rule =>
  (value) =>
    values.includes(value as string) ? undefined : `one of ${values.join(', ')}`;

const numberTo =
  (max: number): Rule =>
  (value) =>
    typeof value === 'number' && value > 0 && value <= max ? undefined : `a number above 0, at most ${max}`;

const someOf =
  (values: readonly string[]): Rule =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((entry) => values.includes(entry))
      ? undefined
      : `a list of some of ${values.join(', ')}`;

function checkedOrder(body: unknown, { choices, key }: TrafficGround): TrafficOrder {
  if (key === undefined)
    throw new ControlError([{ path: '$', message: 'no tenant of the configuration has a key in `keys`' }]);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ControlError([{ path: '$', message: 'must be an object, such as {"requestsPerSecond":4}' }]);
  const rules: Readonly<Record<string, Rule>> = {
    requestsPerSecond: numberTo(choices.requestsPerSecondMax),
    seconds: numberTo(choices.secondsMax),
    trace: oneOf(trafficTraces),
    model: oneOf(choices.models),
    residency: oneOf(choices.residencies),
    gateways: someOf(choices.gateways),
  };
  const violations = Object.entries(body).flatMap(([path, value]) => {
    if (!Object.hasOwn(rules, path))
      return [{ path, message: `is not a field; fields are ${Object.keys(rules).join(', ')}` }];
    const right = rules[path]?.(value);
    return right === undefined ? [] : [{ path, message: `is ${JSON.stringify(value)}; must be ${right}` }];
  });
  if (violations.length > 0) throw new ControlError(violations);
  return body as TrafficOrder;
}
