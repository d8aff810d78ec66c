/**
 * core/deploy-waves: in which order the stacks of a deployment are changed, so that a bad version meets little of it first.
 *
 * Invariant: every stack is in exactly one wave, but for the pipeline, which carries the waves out and cannot change itself
 * meanwhile; what others read stands in an earlier wave than they. The folder owns no state.
 */
import type { DeployedStack } from '../deploy-cost/deployed-stack.ts';
import { partOf } from '../deploy-cost/deployed-stack.ts';

/** A stack and where it goes. */
export type WaveStack = Pick<DeployedStack, 'id' | 'account' | 'region'>;

/** Stacks that are deployed together, and what must stay quiet afterwards. */
export interface Wave {
  readonly name: string;
  /** Ids on the command line, sorted. */
  readonly stacks: readonly string[];
  /** Accounts and regions of its stacks, whose alarms are looked at before the next wave. */
  readonly places: readonly { readonly account: string; readonly region: string }[];
  /** How long alarms are looked at. The last wave has one too: it is what says that all went well. */
  readonly bakeSeconds: number;
}

export interface WavePlanOptions {
  /** The deployment's home region: the first region is another one where there is one. */
  readonly homeRegion: string;
  /** @default - the first region of the stacks, by name, that is not home and has a gateway; else any that is not home */
  readonly firstRegion?: string | undefined;
  /** After each wave. */
  readonly bakeSeconds: number;
  /**
   * Regions before state and control: for tables that stand under keys of DynamoDB's own and are to turn to keys of the
   * deployment, which whoever reads them must be allowed to use by then. Nothing may be deployed so for the first time.
   * @default false
   */
  readonly readersFirst?: boolean;
}

/** Parts that have waves of their own. */
const KEYS = { name: 'keys', parts: ['Keys'] } as const;
const STATE = { name: 'state', parts: ['State', 'Observability'] } as const;
const CONTROL = { name: 'control', parts: ['Access', 'Control', 'Dashboards'] } as const;
const NAMES = { name: 'names', parts: ['Names'] } as const;
/** What carries waves out is in none of them. */
const PIPELINE = 'Pipeline';

/** What a wave does, in the order in which they come: its name without regions. */
export const waveKinds = [
  'keys',
  'state',
  'control',
  'one-region',
  'one-per-geography',
  'all-others',
  'names',
] as const;

type WaveKind = (typeof waveKinds)[number];

/** The kind of a wave of a plan. */
export const waveKindOf = ({ name }: Pick<Wave, 'name'>): string => name.split(':')[0] ?? name;

/**
 * Keys, the tables under them, then what all regions need of their accounts and of home, then one region, one of each geography, all others, and the
 * names that lead callers to gateways last; with `readersFirst` the regions come right behind the keys. Waves without stacks are left out.
 *
 * @throws RangeError when `firstRegion` has no stack
 */
export function wavePlan(stacks: readonly WaveStack[], options: WavePlanOptions): readonly Wave[] {
  const { bakeSeconds, readersFirst = false } = options;
  const named = new Set<string>([KEYS, STATE, CONTROL, NAMES].flatMap(({ parts }) => [...parts]));
  named.add(PIPELINE);
  const regions = regionWaves(
    stacks.filter((stack) => !named.has(partOf(stack))),
    options,
  );
  const of = ({ name, parts }: { readonly name: WaveKind; readonly parts: readonly string[] }) => ({
    name,
    stacks: stacks.filter((stack) => parts.includes(partOf(stack))),
  });
  const central = [of(STATE), of(CONTROL)];
  const middle = readersFirst ? [...regions, ...central] : [...central, ...regions];
  return [of(KEYS), ...middle, of(NAMES)]
    .filter((wave) => wave.stacks.length > 0)
    .map((wave) => ({
      name: wave.name,
      stacks: wave.stacks.map(({ id }) => id).sort(),
      places: placesOf(wave.stacks),
      bakeSeconds,
    }));
}

function regionWaves(stacks: readonly WaveStack[], options: WavePlanOptions) {
  const regions = [...new Set(stacks.map(({ region }) => region))].sort();
  const [firstRegion] = regionsFirst(regions, stacks, options);
  const first = firstRegion === undefined ? [] : [firstRegion];
  const others = regionsFirst(regions, stacks, { ...options, firstRegion: undefined }).filter(
    (region) => region !== firstRegion,
  );
  const gateways = gatewayRegions(stacks);
  const each = [...Map.groupBy(others, geographyOf)].flatMap(([geography, candidates]) => {
    const isSeen = firstRegion !== undefined && geographyOf(firstRegion) === geography;
    // Where the first region's gateway has met the version already, home can wait.
    const canWait = isSeen && gateways.has(firstRegion);
    const found = candidates.find(
      (region) => gateways.has(region) && !(canWait && region === options.homeRegion),
    );
    return found ?? (isSeen ? [] : candidates.slice(0, 1));
  });
  const early = new Set([...first, ...each]);
  const inRegions = (chosen: readonly string[]) => stacks.filter(({ region }) => chosen.includes(region));
  return [
    { name: `one-region: ${first.join()}`, stacks: inRegions(first) },
    { name: `one-per-geography: ${each.join(', ')}`, stacks: inRegions(each) },
    { name: 'all-others', stacks: stacks.filter(({ region }) => !early.has(region)) },
  ];
}

/** Best to begin with first: the one that was asked for, then gateways before places that nobody calls, home last of all. */
function regionsFirst(
  regions: readonly string[],
  stacks: readonly WaveStack[],
  { firstRegion, homeRegion }: WavePlanOptions,
): readonly string[] {
  if (firstRegion !== undefined && !regions.includes(firstRegion))
    throw new RangeError(`no stack stands in ${firstRegion}; the regions are ${regions.join(', ')}`);
  const gateways = gatewayRegions(stacks);
  const rank = (region: string): number => {
    if (region === firstRegion) return 0;
    if (region === homeRegion) return 3;
    return gateways.has(region) ? 1 : 2;
  };
  return [...regions].sort((left, right) => rank(left) - rank(right));
}

const gatewayRegions = (stacks: readonly WaveStack[]): ReadonlySet<string> =>
  new Set(stacks.filter((stack) => partOf(stack) === 'Gateway').map(({ region }) => region));

/** `eu` of `eu-central-1`: what AWS groups regions by in their codes. */
const geographyOf = (region: string): string => region.split('-')[0] ?? region;

function placesOf(stacks: readonly WaveStack[]): Wave['places'] {
  const places = new Map(stacks.map(({ account, region }) => [`${account}/${region}`, { account, region }]));
  return [...places].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, place]) => place);
}
