/**
 * The world of the fault battery: for each fault an account of its own, struck in one region and sound in the next, and
 * a gateway that knows nothing of the rows before. The targets are those of the local AWS in its own process.
 */
import { provisionEndpoint } from '#adapters/aws/endpoint-provisioner.ts';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import { createUpstreamClient, type UpstreamClient } from '#adapters/aws/upstream-client.ts';
import { systemClock } from '#adapters/system/system-clock.ts';
import type { SpillwayConfigInput } from '#contract/config.ts';
import { aGateway } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { parsedConfig } from '#test/builders/configs.ts';
import { localCredentials } from '#test/builders/local-deployment.ts';
import { fixedCredentials } from '#test/builders/upstream-client.ts';
import type { Place } from './battery-fault.ts';

/** `dedicated TGI`: an endpoint that speaks TGI's own format, in accounts of its own. */
export type BatteryTier = 'dedicated' | 'dedicated TGI' | 'serverless' | 'baseline';

export const struckRegion = 'us-east-1';
const soundRegion = 'us-east-2';
/** Outside the residency: no row may ever call it. */
const lawlessRegion = 'eu-central-1';
/** A label may have 63 characters: no resolver is asked for a longer one, so that the answer needs no network. */
const UNRESOLVABLE = `https://${'x'.repeat(64)}.invalid`;
const endpoint = 'battery';
const models = { chat: 'amazon.nova-lite-v1:0', embed: 'amazon.titan-embed-text-v2:0' } as const;
const demo = { name: 'demo', residencies: ['us'], defaultResidency: 'us', models: ['*'] };

/** Short enough to wait for, long enough for a busy machine to begin an answer. */
const DEADLINE_MS = 2500;
const PATIENT_MS = 120_000;

/** Its streams are of other pieces, so that faults strike it at other places. */
const TGI_ACCOUNTS = 1_000;

export const accountOf = (index: number, tier?: BatteryTier): string =>
  String(500_000_000_000 + index + (tier === 'dedicated TGI' ? TGI_ACCOUNTS : 0));

interface GatewayOfRow {
  readonly account: string;
  readonly tier: BatteryTier;
  readonly place?: Place | undefined;
  readonly patient?: boolean;
}

export function openBatteryWorld(awsUrl: string) {
  const clientOf = (endpoint: string) => createUpstreamClient({ credentials: fixedCredentials, endpoint });
  const client = clientOf(awsUrl);
  const elsewhere: Readonly<Record<Place, UpstreamClient>> = {
    unresolvable: clientOf(UNRESOLVABLE),
    'no TLS': clientOf(awsUrl.replace('http:', 'https:')),
  };
  return {
    async close(): Promise<void> {
      for (const each of [client, ...Object.values(elsewhere)]) await each.close();
    },
    async provision(account: string, api: 'openai' | 'tgi'): Promise<void> {
      const capacity = { copies: 1, concurrencyPerCopy: 64 };
      await provisionEndpoint(
        { account, region: struckRegion, endpoint, ...capacity, servedModel: 'chat', api },
        { endpoint: awsUrl, credentials: localCredentials(account) },
      );
    },
    /** A gateway that has just started, for one row. A patient one has no deadline that a test would live to see. */
    async gateway({ account, tier, place, patient = false }: GatewayOfRow, model: keyof typeof models) {
      const invoker = createTargetInvoker(place === undefined ? client : strikes(client, elsewhere[place]));
      const made = aGateway({
        config: parsedConfig(configOf(account, tier, patient ? PATIENT_MS : DEADLINE_MS)),
        routes: [aRoute({ model, targets: targetsOf(account, tier, models[model]) })],
        overrides: { invoker, clock: systemClock, tenants: { identify: async () => demo } },
      });
      await made.gateway.start();
      made.gateway.stop();
      return made;
    },
  };
}

/** The struck region is asked at another address than the others. */
function strikes(sound: UpstreamClient, struck: UpstreamClient): UpstreamClient {
  return {
    send: (call) => (call.target.region === struckRegion ? struck : sound).send(call),
    now: () => sound.now(),
    close: async () => undefined,
    prepare: () => undefined,
  };
}

function targetsOf(account: string, tier: BatteryTier, modelId: string) {
  const does = { input: ['TEXT'], output: [modelId === models.embed ? 'EMBEDDING' : 'TEXT'] };
  const place = { account, modelId, capabilities: does };
  const lawless = aTarget({ ...place, region: lawlessRegion });
  const struck = aTarget({ ...place, region: struckRegion, position: 1 });
  const sound = aTarget({ ...place, region: soundRegion, position: 2 });
  const dedicated = aTarget({
    account,
    region: struckRegion,
    endpoint,
    modelId: 'chat',
    scope: 'dedicated',
    pricing: null,
    share: { [struckRegion]: 64 },
  });
  const tgi = { ...dedicated, container: { api: 'tgi', chatTemplate: 'llama-3' } as const };
  const lawful = {
    dedicated: [dedicated, sound],
    'dedicated TGI': [tgi, sound],
    serverless: [struck, sound],
    baseline: [],
  };
  return [lawless, ...lawful[tier]];
}

function configOf(account: string, tier: BatteryTier, deadlineMs: number): SpillwayConfigInput {
  const baseline = tier === 'baseline' ? { us: [struckRegion, soundRegion] } : {};
  return {
    name: 'battery',
    home: { account, region: struckRegion },
    accounts: [{ id: account, name: 'one', regions: [struckRegion, soundRegion, lawlessRegion] }],
    gateways: [struckRegion],
    residencies: { us: { jurisdictions: ['US'] } },
    deadlines: {
      firstContentMs: deadlineMs,
      dedicatedFirstContentMs: deadlineMs,
      betweenTokensMs: deadlineMs,
      totalMs: Math.max(deadlineMs, 30_000),
    },
    models: {
      chat: { candidates: [models.chat], baseline },
      embed: { kind: 'embedding', candidates: [models.embed], baseline },
    },
    tenants: { demo: { keys: ['sk-local'], residencies: ['us'], defaultResidency: 'us', models: ['*'] } },
  };
}
