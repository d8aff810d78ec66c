/** The gateways of local mode: each in the account to which its region belongs, with that account's own keys. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { gatewayAccount } from '#runtime/gateway-account.ts';
import {
  createGatewayRuntime,
  type GatewayRuntime,
  type GatewayRuntimeOptions,
} from '#runtime/gateway-runtime.ts';
import { localKeyPepper } from '#runtime/key-pepper.ts';
import { localCredentials } from '#runtime/local-account.ts';
import type { MetricLines } from '#runtime/metric-lines.ts';
import { openSealing } from '#runtime/open-audit.ts';
import { createDispatcher } from '#runtime/open-batches.ts';
import type { Telemetry } from '#runtime/open-telemetry.ts';
import { openWitness } from '#runtime/open-witness.ts';
import type { Log } from '#usecases/ports/log.ts';
import type { Announcer } from './announce.ts';
import { behindControlDoor } from './control-door.ts';
import type { GatewayServers } from './gateway-servers.ts';
import { localConsole } from './local-console.ts';
import type { OpenParts } from './open-parts.ts';

export interface LocalGatewaysRequest {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly awsUrl: string;
  readonly servers: GatewayServers;
  readonly metrics: MetricLines;
  /** @default nobody but the local CloudWatch is told */
  readonly telemetry?: Telemetry | undefined;
  readonly parts: OpenParts;
  readonly tell: Announcer['tell'];
}

/** Opens one for each gateway region, adds it to the parts, and resolves when all have started. */
export async function openGateways(request: LocalGatewaysRequest): Promise<readonly GatewayRuntime[]> {
  const { config, servers, parts } = request;
  // A fresh stand-in has no past: routes that another run left behind would be news from another world.
  const lastGoodDirectory = mkdtempSync(join(tmpdir(), 'spillway-'));
  parts.add({ close: async () => rmSync(lastGoodDirectory, { recursive: true, force: true }) });
  const near = { lastGoodDirectory, readConsole: config.console.enabled ? localConsole(config) : undefined };
  const runtimes = config.gateways.map((region): GatewayRuntime => {
    const runtime = parts.add(openGateway(request, region, near));
    servers.attach(
      region,
      behindControlDoor(request.awsUrl, (asked) => runtime.gateway.answer(asked)),
    );
    return runtime;
  });
  await Promise.all(runtimes.map((runtime) => runtime.gateway.start()));
  for (const runtime of runtimes) parts.add(openDispatcher(runtime, config));
  if (config.audit.enabled) {
    for (const region of config.gateways) parts.add(await openSealer(request, region));
    parts.add(await openLocalWitness(request));
  }
  return runtimes;
}

/** Enough for the requests of a moment to share a segment, and soon enough for who looks at it next. */
const GATHER_MS = 250;

/** What a function does in AWS, in the process of the gateways. */
async function openSealer(
  { config, awsUrl, tell }: LocalGatewaysRequest,
  region: string,
): Promise<{ close(): Promise<void> }> {
  const account = gatewayAccount(config, region);
  const stop = new AbortController();
  const sealing = await openSealing({
    ...{ config, account, region, endpoint: awsUrl },
    credentials: async () => localCredentials(account),
    log: { write: errorTeller(tell, region) },
  });
  const running = sealing.run({ gatherMs: GATHER_MS, stop: stop.signal });
  return {
    async close() {
      stop.abort();
      await running;
      sealing.close();
    },
  };
}

/** How often the witness looks, which in AWS is every five minutes: on a laptop the first root stands soon after the first records. */
const WITNESS_EVERY_MS = 2_000;

/** What a function does in AWS, in the process of the gateways. */
async function openLocalWitness({
  config,
  awsUrl,
  tell,
}: LocalGatewaysRequest): Promise<{ close(): Promise<void> }> {
  const { account, region } = config.home;
  const witness = await openWitness({
    ...{ config, endpoint: awsUrl },
    credentials: async () => localCredentials(account),
    log: { write: errorTeller(tell, region) },
  });
  const stop = new AbortController();
  const running = witness.watch({ everyMs: WITNESS_EVERY_MS, stop: stop.signal });
  return {
    async close() {
      stop.abort();
      await running;
      witness.close();
    },
  };
}

/** Chunks of one model that a gateway's dispatcher has under way at a time: enough for a laptop. */
const chunksMax = 4;

/** What functions do in AWS, in the process of the gateways. */
function openDispatcher(
  { gateway, openBatches }: GatewayRuntime,
  config: SpillwayConfig,
): { close(): Promise<void> } {
  if (openBatches === undefined) return { close: async () => undefined };
  const stop = new AbortController();
  const dispatcher = createDispatcher({ gateway, open: openBatches, config });
  const running = dispatcher.run({
    messagesMax: Math.min(chunksMax, config.batches.dispatchersMax),
    stop: stop.signal,
  });
  return {
    close: () => {
      stop.abort();
      return running;
    },
  };
}

function openGateway(
  { config, facts, awsUrl, servers, metrics, telemetry, tell }: LocalGatewaysRequest,
  region: string,
  near: Pick<GatewayRuntimeOptions, 'lastGoodDirectory' | 'readConsole'>,
): GatewayRuntime {
  const account = gatewayAccount(config, region);
  return createGatewayRuntime({
    config,
    facts,
    account,
    region,
    gatewayUrls: servers.urls,
    credentials: async () => localCredentials(account),
    endpoint: awsUrl,
    log: { write: errorTeller(tell, region) },
    metricsOut: metrics.take,
    telemetry,
    keyPepper: localKeyPepper(config.name),
    ...near,
    // Each is the one process of its region.
    capacityLedger: 'memory',
    servesMany: true,
  });
}

/** Of a gateway's log only what is wrong is told. */
function errorTeller(tell: Announcer['tell'], region: string): Log['write'] {
  return (level, event, facts) => {
    if (level === 'error')
      tell({ event: 'problem', part: `gateway ${region}: ${event}`, message: JSON.stringify(facts ?? {}) });
  };
}
