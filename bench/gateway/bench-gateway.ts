/**
 * Spillway as it is shipped: the runtime's own composition (keys, decision, signing, metrics and audit lines) behind
 * its own Node server. Not as deployed: AWS's endpoints are all one loopback origin without TLS; the table answers no
 * read, so that routes come from the last good copy on disk (the decision is the same); credentials are constants, and
 * keys come from the configuration alone; lines wait up to 20 ms for others, where the function writes each at once.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localCredentials } from '#adapters/aws/local-credentials.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { parseConfig, type SpillwayConfig } from '#contract/config.ts';
import type { Route } from '#core/plan/route.ts';
import { quotaPoolOf, type Target, targetId } from '#core/target.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { createGatewayRuntime } from '#runtime/gateway-runtime.ts';
import { type ServedGateway, serveGateway } from '#server/node-server.ts';
import { sealRoute } from '#usecases/plan/seal-route.ts';
import { apiKey, modelName } from './protocol.ts';

const account = '111111111111';
const region = 'us-east-1';
const regions = ['us-east-1', 'us-east-2', 'us-west-2'];
const LINES_HELD_MS_MAX = 20;
const modelId = 'amazon.nova-lite-v1:0';

/** @param options.share requests in flight that each target may have from this gateway. @default - no limit */
export async function openBenchGateway(options: {
  readonly origin: string;
  readonly share?: number | undefined;
}): Promise<ServedGateway> {
  const lastGoodDirectory = mkdtempSync(join(tmpdir(), 'spillway-bench-routes-'));
  process.once('exit', () => rmSync(lastGoodDirectory, { recursive: true, force: true }));
  writeFileSync(
    join(lastGoodDirectory, `bench-${account}-${region}-routes.json`),
    JSON.stringify({ savedAt: Date.now(), routes: [route(options.share)] }),
  );
  const runtime = createGatewayRuntime({
    config: benchConfig(),
    facts: shippedFacts(),
    account,
    region,
    endpoint: options.origin,
    credentials: async () => localCredentials(account),
    lastGoodDirectory,
    // A server is not frozen between two requests.
    linesHeldMsMax: LINES_HELD_MS_MAX,
    // Nobody shares its slots, and there is no table.
    capacityLedger: 'memory',
    servesMany: true,
  });
  await runtime.gateway.start();
  const server = await serveGateway({
    handle: runtime.gateway.answer,
    port: 0,
    onDefect: (error) => console.error(error),
  });
  return {
    ...server,
    close: async () => {
      await server.close();
      await runtime.close();
    },
  };
}

function benchConfig(): SpillwayConfig {
  const parsed = parseConfig({
    name: 'bench',
    home: { account, region },
    accounts: [{ id: account, regions }],
    gateways: [region],
    residencies: { us: { jurisdictions: ['US'] }, eu: { jurisdictions: ['EU'] } },
    models: { [modelName]: { candidates: [modelId], baseline: { us: ['us-east-1', 'us-west-2'] } } },
    tenants: { demo: { keys: [apiKey], residencies: ['us', 'eu'], defaultResidency: 'us' } },
  });
  if (parsed.ok) return parsed.config;
  throw new Error(parsed.violations.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}

/** Six targets as discovery would publish them: the model in three regions, itself and through its profile. */
function route(share: number | undefined): Route {
  const targets = regions.flatMap((at) => [target(at, undefined, share), target(at, `us.${modelId}`, share)]);
  return sealRoute(
    {
      model: modelName,
      residency: 'us',
      schema: 1,
      targets,
      baseline: targets.filter(({ scope }) => scope === 'in-region').slice(0, 2),
      dropped: 0,
      reason: 'bench',
    },
    { version: 1, at: Date.UTC(2026, 0, 1), digest: cryptoDigest },
  );
}

function target(at: string, profileId: string | undefined, share: number | undefined): Target {
  const scope = profileId === undefined ? 'in-region' : 'geo';
  return {
    id: targetId({ account, region: at, modelId, profileId }),
    account,
    region: at,
    kind: 'bedrock',
    scope,
    modelId,
    ...(profileId === undefined ? {} : { profileId }),
    position: 0,
    reach: profileId === undefined ? [at] : regions,
    state: 'available',
    lifecycle: 'ACTIVE',
    contextTokensMax: 300_000,
    outputTokensMax: 10_000,
    capabilities: { input: ['TEXT', 'IMAGE'], output: ['TEXT'], streaming: true, tools: true },
    pricing: { inputMicroUsdPerMillionTokens: 60_000, outputMicroUsdPerMillionTokens: 240_000 },
    quotaPool: quotaPoolOf({ account, region: at, modelId, scope }),
    ...(share === undefined ? {} : { share: { [region]: share } }),
  };
}
