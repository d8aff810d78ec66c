/**
 * A dispatcher of one gateway region as a process of its own, so that it can be killed. It tells its parent when it has
 * started, and stands by until it is told to begin.
 */
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { parseConfig } from '#contract/config.ts';
import { shippedFacts } from '#runtime/facts-data.ts';
import { createGatewayRuntime } from '#runtime/gateway-runtime.ts';
import { createDispatcher } from '#runtime/open-batches.ts';

/** The one argument, as JSON. */
export interface DispatcherSettings {
  readonly config: unknown;
  readonly awsUrl: string;
  readonly account: string;
  readonly region: string;
  readonly messagesMax: number;
  readonly leaseMs: number;
  readonly hiddenSeconds: number;
}

const settings = JSON.parse(process.argv[2] ?? 'null') as DispatcherSettings;
const parsed = parseConfig(settings.config);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.violations));
const { config } = parsed;
const { awsUrl: endpoint, account, region, messagesMax, leaseMs, hiddenSeconds } = settings;
const runtime = createGatewayRuntime({
  ...{ config, account, region, endpoint, facts: shippedFacts() },
  credentials: async () => ({
    accessKeyId: `LKIA${account}`,
    secretAccessKey: `local-LKIA${account}`,
  }),
  metricsOut: () => undefined,
});
const { gateway, openBatches } = runtime;
if (openBatches === undefined) throw new Error('batches are switched off');
await gateway.start();
// Whoever is killed leaves no cache behind; the next one starts by this one's.
flushCompileCache();
// Nobody is left to kill it where its parent has died.
process.once('disconnect', () => process.exit(1));
process.send?.('ready');
await once(process, 'message');
process.channel?.unref();
const pace = { leaseMs, lookMs: Math.min(1000, leaseMs / 3) };
const dispatcher = createDispatcher({ gateway, config, open: openBatches, pace, hiddenSeconds });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await dispatcher.run({ messagesMax, stop: stop.signal });
await runtime.close();
