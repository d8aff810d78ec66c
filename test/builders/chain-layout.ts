/** Which models stand on which endpoints, and whether Spillway may do what it is for: each a configuration. */
import type { SpillwayConfig, SpillwayConfigInput } from '#contract/config.ts';
import { parsedConfig } from '#test/builders/configs.ts';

export const account = '111111111111';
export const region = 'us-east-1';
/** Where calls spill to besides. */
const otherRegion = 'us-west-2';

export interface ChainEndpoint {
  readonly name: string;
  readonly copies: number;
  readonly slotsPerCopy: number;
  /** As `/_local/scaling` takes it. @default - the copies stay */
  readonly scaling?: {
    readonly copiesMin: number;
    readonly copiesMax: number;
    readonly targetConcurrencyPerCopy: number;
    readonly wakeSeconds?: number;
    readonly scaleOutSeconds?: number;
    readonly scaleInSeconds?: number;
  };
}

interface ChainModel {
  readonly kind: 'chat' | 'embedding';
  readonly endpoint: string;
  /** Bedrock's, that answer where the endpoint does not. */
  readonly serverless: readonly string[];
}

export interface ChainLayout {
  readonly endpoints: readonly ChainEndpoint[];
  /** By logical name. */
  readonly models: Readonly<Record<string, ChainModel>>;
  /** Whether the gateway counts the slots of endpoints; otherwise requests stand in the container's own line. */
  readonly limits: boolean;
  readonly preWarm: boolean;
  /**
   * Whether the gateway waits as long as it takes: where nobody else may answer, and where a busy machine must be no
   * outage in scaled time. Calls then wait longer for a slot, too, before they spill.
   */
  readonly patient: boolean;
  /** How often copies are looked at. @default 60 */
  readonly discoverSeconds?: number | undefined;
}

/** Where the times that were published would take too long. */
interface Pace {
  readonly patient?: boolean;
  readonly wakeSeconds?: number;
  readonly discoverSeconds?: number;
}

const timesOf = ({ wakeSeconds }: Pace) => (wakeSeconds === undefined ? {} : { wakeSeconds });

/** More copies are wanted when three quarters of their slots are taken. */
const sleeping = (copiesMax: number, slotsPerCopy: number) => ({
  ...{ copiesMin: 0, copiesMax, targetConcurrencyPerCopy: 0.75 * slotsPerCopy },
});

const EMBED_SLOTS = 2;
const COPIES = 2;

/** An endpoint for each model, each with its own limit, that sleeps, follows its load, and spills to serverless models. */
export function apart({
  slots,
  copies,
  ...pace
}: { readonly slots: number; readonly copies: 0 | 2 } & Pace): ChainLayout {
  const slotsPerCopy = slots / COPIES;
  const scaling = { ...sleeping(COPIES, slotsPerCopy), ...timesOf(pace) };
  const embedScaling = { ...sleeping(1, EMBED_SLOTS), ...timesOf(pace) };
  return {
    endpoints: [
      { name: 'embed', copies: Math.min(1, copies), slotsPerCopy: EMBED_SLOTS, scaling: embedScaling },
      { name: 'plan', copies, slotsPerCopy, scaling },
      { name: 'write', copies, slotsPerCopy, scaling },
    ],
    models: {
      embed: { kind: 'embedding', endpoint: 'embed', serverless: ['amazon.titan-embed-text-v2:0'] },
      'chat-small': { kind: 'chat', endpoint: 'plan', serverless: ['amazon.nova-lite-v1:0'] },
      'chat-large': { kind: 'chat', endpoint: 'write', serverless: ['amazon.nova-pro-v1:0'] },
    },
    ...{ limits: true, preWarm: true, patient: pace.patient === true },
    discoverSeconds: pace.discoverSeconds,
  };
}

/** One endpoint of as many slots for all models, and nothing that Spillway adds: no limits, spilling or waking ahead. */
export function uniform(
  pool: { readonly slots: number; readonly slotsPerCopy: number; readonly sleeps: boolean } & Pace,
): ChainLayout {
  const copies = Math.ceil(pool.slots / pool.slotsPerCopy);
  // Spread over as many copies as it takes, and none of them smaller than its share.
  const slotsPerCopy = Math.ceil(pool.slots / copies);
  const endpoint = 'uniform';
  const scaling = { ...sleeping(copies, slotsPerCopy), ...timesOf(pool) };
  return {
    endpoints: [
      pool.sleeps
        ? { name: endpoint, copies: 0, slotsPerCopy, scaling }
        : { name: endpoint, copies, slotsPerCopy },
    ],
    models: {
      embed: { kind: 'embedding', endpoint, serverless: [] },
      'chat-small': { kind: 'chat', endpoint, serverless: [] },
      'chat-large': { kind: 'chat', endpoint, serverless: [] },
    },
    ...{ limits: false, preWarm: false, patient: true },
    discoverSeconds: pool.discoverSeconds,
  };
}

export const slotsOf = ({ endpoints }: ChainLayout): number =>
  endpoints.reduce(
    (sum, { copies, slotsPerCopy, scaling }) => sum + slotsPerCopy * (scaling?.copiesMax ?? copies),
    0,
  );

/** Nobody counts so many: no limit. */
const UNLIMITED = 10_000;
const DISCOVER_SECONDS = 60;
/** Longer than any line. */
const PATIENCE_MS = 900_000;
const patience = {
  firstContentMs: PATIENCE_MS,
  dedicatedFirstContentMs: PATIENCE_MS,
  betweenTokensMs: PATIENCE_MS,
  totalMs: PATIENCE_MS,
};

export function configOf(layout: ChainLayout): SpillwayConfig {
  const byName = new Map(layout.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const models = Object.entries(layout.models).map(([name, { kind, endpoint, serverless }]) => {
    const { copies = 0, slotsPerCopy = 1, scaling } = byName.get(endpoint) ?? {};
    const dedicated = {
      account,
      region,
      endpoint,
      component: componentOf(endpoint),
      copies: scaling?.copiesMax ?? copies,
      concurrencyPerCopy: layout.limits ? slotsPerCopy : UNLIMITED,
    };
    return [name, { kind, candidates: serverless.map((id) => ({ id })), dedicated: [dedicated] }];
  });
  const input: SpillwayConfigInput = {
    name: 'chains',
    home: { account, region },
    accounts: [{ id: account, name: 'prod-us', regions: [region, otherRegion] }],
    gateways: [region],
    residencies: { us: { jurisdictions: ['US'] } },
    models: Object.fromEntries(models),
    tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us', models: ['*'] } },
    chains: { preWarm: layout.preWarm },
    discovery: { everySeconds: layout.discoverSeconds ?? DISCOVER_SECONDS },
    ...(layout.patient ? { deadlines: patience } : {}),
  };
  return parsedConfig(input);
}

export const componentOf = (endpoint: string): string => `${endpoint}-copies`;
