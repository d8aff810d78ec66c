/**
 * The judge of the residency proof: written from the generated truth alone. It imports nothing of the product but
 * types, and knows the law only as the glossary tells it: every region that a call touches lies inside the residency.
 */
import type { Target } from '#core/target.ts';
import type { ResidencySpecInput, TrueDestinations, World } from './residency-world.ts';

/** The regions of a residency; undefined for one without bound. */
export type Bounds = ReadonlySet<string> | undefined;

/** What of a target decides where a prompt goes: the words that are put on the wire, never its id. */
export type WireTarget = Pick<
  Target,
  'kind' | 'account' | 'region' | 'modelId' | 'profileId' | 'endpoint' | 'component'
>;

export function boundsOf(world: World, spec: ResidencySpecInput): Bounds {
  if (spec.jurisdictions === 'any') return undefined;
  const bounds = new Set(spec.regions ?? []);
  for (const region of world.regions) {
    const named = region.groups.some((group) => (spec.jurisdictions ?? []).includes(group));
    if (region.known && named) bounds.add(region.code);
  }
  return bounds;
}

/** The residency that binds a request of a tenant; undefined where nothing may be sent at all. */
export function boundResidency(
  tenant: { readonly residencies: readonly string[]; readonly defaultResidency?: string | undefined },
  header: string | undefined,
): string | undefined {
  const name = header ?? tenant.defaultResidency;
  return name !== undefined && tenant.residencies.includes(name) ? name : undefined;
}

/** Every region that a call to the target touches in truth, its source region among them. */
function truePlaces(world: World, target: WireTarget): TrueDestinations {
  if (target.kind === 'sagemaker') return [target.region];
  const called = (target.profileId ?? target.modelId).replace(/^.*\//, '');
  if (world.models.includes(called)) return [target.region];
  const profile = world.profiles.find(({ id }) => id === called);
  const destinations = profile?.destinations.get(target.region) ?? 'everywhere';
  return destinations === 'everywhere' ? destinations : [...destinations, target.region];
}

/** Why a call would break the residency, in one sentence; undefined when it would not. */
export function breachOf(
  world: World,
  call: {
    readonly target: WireTarget;
    /** Undefined: no gateway is asked, as for a route in the table. */
    readonly gatewayRegion?: string;
    readonly residency: string;
    /** A guardrail goes along. @default false */
    readonly guarded?: boolean;
  },
): string | undefined {
  const { target, gatewayRegion, residency, guarded } = call;
  const spec = world.residencies[residency];
  if (spec === undefined) return `there is no residency ${residency}`;
  const bounds = boundsOf(world, spec);
  if (bounds === undefined) return undefined;
  const inside = `inside ${residency} (${[...bounds].sort().join(', ')})`;
  if (gatewayRegion !== undefined && !bounds.has(gatewayRegion))
    return `the gateway in ${gatewayRegion} is not ${inside}`;
  if (guarded === true) return `a guardrail may infer anywhere, not ${inside}`;
  const places = truePlaces(world, target);
  const name = `${target.region}/${target.endpoint ?? target.profileId ?? target.modelId}`;
  if (places === 'everywhere') return `${name} reaches everywhere, not ${inside}`;
  const outside = places.filter((place) => !bounds.has(place));
  return outside.length === 0 ? undefined : `${name} reaches ${outside.join(', ')}, not ${inside}`;
}

/** The geography that a prefix announces, as AWS documents it. */
const ANNOUNCED: Readonly<Record<string, string>> = { us: 'US', eu: 'EU', jp: 'JP', apac: 'APAC', au: 'AU' };

/**
 * Whether the product has no excuse to refuse the target: lawful in truth, and nothing that it is told says more. Not
 * so where its reach is stated as empty, where the facts claim more than the truth, or where its prefix announces a
 * geography that the residency has no part in: those are refused on purpose.
 */
export function isPlainlyLawful(
  world: World,
  call: { readonly target: Target; readonly gatewayRegion: string; readonly residency: string },
): boolean {
  const { target, residency } = call;
  const spec = world.residencies[residency];
  if (spec === undefined || breachOf(world, call) !== undefined) return false;
  if (target.reach.length === 0) return false;
  const bounds = boundsOf(world, spec);
  if (bounds === undefined) return true;
  const called = target.kind === 'sagemaker' ? '' : (target.profileId ?? target.modelId).replace(/^.*\//, '');
  const compiled = world.profiles.find(({ id }) => id === called)?.compiled.get(target.region) ?? [];
  if (target.scope === 'global' || compiled === 'everywhere') return false;
  if (![...target.reach, ...compiled].every((place) => bounds.has(place))) return false;
  const announced = ANNOUNCED[called.split('.')[0] ?? ''];
  const homes = world.regions.filter(
    ({ groups, known }) => known && announced !== undefined && groups.includes(announced),
  );
  return homes.length === 0 || homes.some(({ code }) => bounds.has(code));
}
