/**
 * The whole product on one machine: the local AWS, the tables and endpoints of the configuration, the control plane's
 * handlers on an interval, and one gateway per gateway region. Only endpoint and credentials differ from AWS.
 *
 *     local AWS ─ gateway ports ─ tables, endpoints ─ gateways ─ first discovery round ─ ready ─ ... ─ stop
 *
 * Invariant: nothing but a bad configuration or a taken port keeps it from getting ready; under faults it starts as a
 * fleet of gateways would in a dark region.
 */
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { LocalAws } from '#local/local-aws.ts';
import type { Environment } from '#runtime/environment.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import type { GatewayRuntime } from '#runtime/gateway-runtime.ts';
import { loadConfig } from '#runtime/load-config.ts';
import { openMetricSink, provision } from '#runtime/local-account.ts';
import { createMetricLines, type MetricLines } from '#runtime/metric-lines.ts';
import type { Telemetry } from '#runtime/open-telemetry.ts';
import { telemetrySettings } from '#runtime/telemetry-settings.ts';
import type { Announcer } from './announce.ts';
import { listenFailure } from './bad-start.ts';
import { openControlHandlers } from './control-handlers.ts';
import { type ControlLoop, startControlLoop } from './control-loop.ts';
import { drainMsMax, type GatewayServers, openGatewayServers } from './gateway-servers.ts';
import { openGateways } from './local-gateways.ts';
import { createLocalOperator } from './local-operator.ts';
import { seedLocalAws } from './local-seed.ts';
import { openLocalAws } from './open-local-aws.ts';
import { openLocalTelemetry } from './open-local-telemetry.ts';
import { OpenParts } from './open-parts.ts';
import type { LocalModeOptions } from './options.ts';
import { trafficControl } from './traffic-control.ts';
import { TrafficGenerator } from './traffic-generator.ts';
import { trafficGround } from './traffic-order.ts';
import { pause, untilReady, within } from './waiting.ts';

export interface LocalModeRequest {
  readonly options: LocalModeOptions;
  /** The project's folder: relative file names are taken from here. */
  readonly folder: string;
  readonly tell: Announcer['tell'];
  /** Ends everything when it aborts. */
  readonly stop: AbortSignal;
  /** What it says of telemetry. @default - nothing */
  readonly environment?: Environment;
  /** @default - the facts that ship with the product */
  readonly facts?: CompiledFacts;
}

export interface LocalMode {
  readonly awsUrl: string;
  readonly gateways: readonly { readonly region: string; readonly url: string }[];
  /** Resolves when everything has stopped after `stop` aborted. */
  readonly stopped: Promise<void>;
}

/** Provisioning may go on in the background after this: under faults a gateway does not wait for its tables. */
const provisionWaitMsMax = 1_000;
/** Until what was published at home stands in every replica of the stand-in. */
const replicationMs = 100;
/** Runs of discovery under way together: enough to keep one process busy, few enough to keep memory small. */
const discoverConcurrencyMax = 10;

/** @throws ConfigError, BadStart */
export async function startLocalMode(request: LocalModeRequest): Promise<LocalMode> {
  const { options, folder, tell } = request;
  const facts = request.facts ?? shippedFacts();
  const { config, warnings, file } = await loadConfig({ folder, file: options.configFile, facts });
  for (const warning of warnings) tell({ event: 'warning', ...warning });
  const parts = new OpenParts();
  try {
    const servers = parts.add(await openServers(config, options, tell));
    const ground = trafficGround(config, facts);
    const traffic = new TrafficGenerator(ground, () => servers.urls);
    const operator = await createLocalOperator();
    const controls = [trafficControl(ground, traffic), ...operator.controls];
    const aws = parts.add(await openLocalAws(options, servers, controls));
    await seedLocalAws(file, aws.url);
    tell({ event: 'listening', config: file, awsUrl: aws.url });
    const provisioned = provision({
      config,
      endpoint: aws.url,
      stop: request.stop,
      onProblem: problemTeller(tell),
    });
    await within(provisioned, provisionWaitMsMax);
    const metrics = parts.add(openMetricLines(config, aws));
    const telemetry = await openLocalTelemetry({
      ...{ config, awsUrl: aws.url, parts, tell, write: metrics.take },
      settings: telemetrySettings(request.environment ?? {}, config.observability.otlp),
      metricsPort: options.metricsPort,
    });
    const running = await openGateways({
      config: operator.trustedBy(config, aws.url),
      facts,
      awsUrl: aws.url,
      servers,
      metrics,
      telemetry,
      parts,
      tell,
    });
    const loop = openLoop({ config, facts, aws, options, tell, parts, telemetry });
    // Closed first: what is under way still needs all the others.
    parts.add({ close: () => closeServers(servers, tell) });
    parts.add(traffic);
    await untilAnswering({ loop, servers, running, stop: request.stop });
    const gateways = config.gateways.map((region) => ({ region, url: servers.urls[region] ?? '' }));
    const page = config.console.enabled ? { console: `${gateways[0]?.url}/console` } : {};
    tell({ event: 'ready', gateways, awsUrl: aws.url, ...page });
    return { awsUrl: aws.url, gateways, stopped: parts.closeOn(request.stop) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** Ready means ready to answer from what the first round found, not from the seconds before it. */
async function untilAnswering(start: {
  readonly loop: ControlLoop;
  readonly servers: GatewayServers;
  readonly running: readonly GatewayRuntime[];
  readonly stop: AbortSignal;
}): Promise<void> {
  const { loop, servers, running, stop } = start;
  const [round] = await Promise.all([loop.firstRound, untilReady(Object.values(servers.urls), stop)]);
  if (round.failed === round.total) return;
  await pause(replicationMs);
  await Promise.all(running.map((runtime) => runtime.gateway.refresh()));
}

async function openServers(
  config: SpillwayConfig,
  options: LocalModeOptions,
  tell: Announcer['tell'],
): Promise<GatewayServers> {
  try {
    return await openGatewayServers({
      regions: config.gateways,
      firstPort: options.port,
      onDefect: (error) => problemTeller(tell)('gateway', error),
    });
  } catch (error) {
    throw listenFailure(error, { option: '--port', first: options.port, count: config.gateways.length });
  }
}

function closeServers(servers: GatewayServers, tell: Announcer['tell']): Promise<void> {
  const underWay = servers.requestsUnderWay();
  if (underWay > 0) tell({ event: 'ending', underWay, msMax: drainMsMax });
  return servers.close();
}

function openMetricLines(config: SpillwayConfig, aws: LocalAws): MetricLines {
  return createMetricLines(
    openMetricSink({ account: config.home.account, region: config.home.region, endpoint: aws.url }),
  );
}

function openLoop(options: {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly aws: LocalAws;
  readonly options: LocalModeOptions;
  readonly tell: Announcer['tell'];
  readonly parts: OpenParts;
  readonly telemetry: Telemetry | undefined;
}): ControlLoop {
  const { config, facts, aws, tell, parts, telemetry } = options;
  const handlers = openControlHandlers({
    ...{ config, facts, endpoint: aws.url },
    metricsBeside: telemetry?.sink,
  });
  const everyMs = options.options.discoverEverySeconds * 1000;
  const loop = startControlLoop({
    places: handlers.places,
    discover: handlers.discover,
    plan: handlers.plan,
    verify: handlers.verify,
    everyMs,
    concurrencyMax: discoverConcurrencyMax,
    onProgress: (progress) => tell({ event: 'progress', ...progress }),
    onRound: (round) => tell({ event: 'round', ...round }),
    onError: problemTeller(tell),
  });
  // Ending the handlers' connections ends the runs that hang on them.
  parts.add({ close: async () => void (await Promise.all([loop.stop(), handlers.close()])) });
  return loop;
}

function problemTeller(tell: Announcer['tell']): (part: string, error: unknown) => void {
  return (part, error) =>
    tell({ event: 'problem', part, message: error instanceof Error ? error.message : String(error) });
}
