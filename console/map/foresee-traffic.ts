/** Where traffic of a residency goes as the gateways plan it, and what remains of that when a region is dark. */
import type { Explanation } from '#contract/http.ts';
import type { ResidencyMap } from '#contract/residencies.ts';

export interface MapQuestion {
  readonly residency: string;
  readonly model: string;
  /** Empty for none. */
  readonly dark: string;
}

/** One region that would be asked, in turn. */
export interface TrafficStep {
  readonly region: string;
  /** Targets of the plan there, best first. */
  readonly targets: readonly string[];
  /** Where AWS may run the call: more than the region itself behind a profile. `*` for anywhere. */
  readonly reach: readonly string[];
}

export interface Foreseen {
  /** The gateway that callers enter by. Undefined where none is left. */
  readonly entry: string | undefined;
  /** Lawful gateways that are left, the entry first. */
  readonly gateways: readonly string[];
  readonly steps: readonly TrafficStep[];
  /** Why the gateway would refuse. Undefined where it would call somebody. */
  readonly refusal: string | undefined;
}

/** @param map whose gateways hold a prompt of the residency, in the order of the configuration */
export function lawfulGateways(map: ResidencyMap, residency: string): readonly string[] {
  return map.gateways.filter((region) => isLawful(map, residency, region));
}

export function isLawful({ residencies }: ResidencyMap, residency: string, region: string): boolean {
  const lawful = residencies.find(({ name }) => name === residency)?.lawful ?? [];
  return lawful === 'any' || lawful.includes(region);
}

/**
 * @param explanations by gateway region, for a call of the question's model under its residency
 * @param reachOf of a target, where it is known
 */
export function foreseeTraffic(
  explanations: ReadonlyMap<string, Explanation>,
  { dark }: Pick<MapQuestion, 'dark'>,
  reachOf: (target: string) => readonly string[] | undefined,
): Foreseen {
  const gateways = [...explanations.keys()].filter((region) => region !== dark);
  const [entry] = gateways;
  const explanation = entry === undefined ? undefined : explanations.get(entry);
  if (explanation === undefined) return { entry, gateways, steps: [], refusal: 'no_gateway' };
  const left = explanation.plan.filter((target) => regionOf(target) !== dark);
  const byRegion = Map.groupBy(left, regionOf);
  const steps = [...byRegion].map(([region, targets]) => ({
    region,
    targets,
    reach: [...new Set(targets.slice(0, 1).flatMap((target) => reachOf(target) ?? [region]))],
  }));
  const refusal = steps.length > 0 ? undefined : (explanation.code ?? 'no_lawful_target');
  return { entry, gateways, steps, refusal };
}

/** Ids of targets are `<account>/<region>/<what is called>`. */
const regionOf = (target: string): string => target.split('/')[1] ?? '';
