/**
 * Whether the gateway keeps anything: many requests with faults and aborts against the shipped gateway, which runs in
 * this process, while models and callers run in another.
 *
 *     node bench/soak.ts --requests 200000       figures, and exit code 1 when something stays behind
 *
 * Memory is read after a forced collection, ten times on the way; its slope must not stand out from its own noise.
 * Leases: each target takes no more in flight than there are callers, so leases that are never given back end in
 * answers of `capacity_exhausted`. Sockets and timers: when the server has closed, none may be left.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBenchGateway } from './gateway/bench-gateway.ts';
import { CALLERS, type SoakCount, type SoakOrder } from './gateway/soak-protocol.ts';

const LAPS = 10;
/** Caches and compiled code grow at first; that is not a leak. */
const LAPS_DISCARDED = 3;
/** Growth over the whole run that no machine can run out of memory by. */
const GROWTH_BYTES_MAX = 1_048_576;
const SETTLE_MS_MAX = 10_000;

const collect = (globalThis as { gc?: () => void }).gc;
if (collect === undefined) process.exitCode = await again();
else process.exitCode = await main(collect);

/** The same program with a collector that can be called, and its lines where nobody reads them. */
async function again(): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit', 'ipc'],
  });
  const [code] = await once(child, 'exit');
  return Number(code ?? 1);
}

async function main(collectGarbage: () => void): Promise<number> {
  const { values } = parseArgs({ options: { requests: { type: 'string', default: '200000' } } });
  const requests = Number(values.requests);
  if (!Number.isInteger(requests) || requests < LAPS * CALLERS) {
    console.error(`--requests takes a whole number of ${LAPS * CALLERS} or more, not ${values.requests}`);
    return 2;
  }
  const world = fork(fileURLToPath(new URL('gateway/processes/soak-world.ts', import.meta.url)));
  const [{ origin }] = (await once(world, 'message')) as [{ origin: string }];
  const gateway = await openBenchGateway({ origin, share: CALLERS });
  const samples: { readonly requests: number; readonly heapBytes: number; readonly rssBytes: number }[] = [];
  const total: Record<string, number> = {};
  for (let lap = 1; lap <= LAPS; lap += 1) {
    const order: SoakOrder = { url: gateway.url, requests: Math.ceil(requests / LAPS) };
    world.send(order);
    const [count] = (await once(world, 'message')) as [SoakCount];
    for (const [name, value] of Object.entries(count)) total[name] = (total[name] ?? 0) + value;
    collectGarbage();
    await delay(50);
    collectGarbage();
    const { heapUsed, rss } = process.memoryUsage();
    samples.push({ requests: lap * order.requests, heapBytes: heapUsed, rssBytes: rss });
    console.error(`${lap * order.requests} requests: heap ${mib(heapUsed)}, resident ${mib(rss)}`);
  }
  await gateway.close();
  world.disconnect();
  await once(world, 'exit');
  console.error(JSON.stringify(total));
  const faults = [...answerFaults(total), ...memoryFaults(samples), ...(await leftOpen())];
  for (const fault of faults) console.error(`FAULT  ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

function answerFaults(total: Readonly<Record<string, number>>): readonly string[] {
  return ['wrong', 'capacity_exhausted', 'internal_error'].flatMap((name) =>
    (total[name] ?? 0) === 0 ? [] : [`${total[name]} answers were ${name}`],
  );
}

/** Least squares over the later laps: a slope is one when it stands two standard errors above zero and comes to something. */
function memoryFaults(
  samples: readonly { readonly requests: number; readonly heapBytes: number }[],
): readonly string[] {
  const kept = samples.slice(LAPS_DISCARDED);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [xMean, yMean] = [mean(kept.map((each) => each.requests)), mean(kept.map((each) => each.heapBytes))];
  const spread = kept.reduce((sum, { requests }) => sum + (requests - xMean) ** 2, 0);
  const slope =
    kept.reduce((sum, { requests, heapBytes }) => sum + (requests - xMean) * (heapBytes - yMean), 0) / spread;
  const rest = kept.reduce(
    (sum, { requests, heapBytes }) => sum + (heapBytes - yMean - slope * (requests - xMean)) ** 2,
    0,
  );
  const error = Math.sqrt(rest / (kept.length - 2) / spread);
  const growth = slope * (samples.at(-1)?.requests ?? 0);
  console.error(`heap slope ${slope.toFixed(2)} ± ${error.toFixed(2)} bytes a request`);
  const isSlope = slope > 2 * error && growth > GROWTH_BYTES_MAX;
  return isSlope ? [`the heap grows by ${slope.toFixed(1)} bytes a request`] : [];
}

/** What keeps the process alive though everything was closed. */
async function leftOpen(): Promise<readonly string[]> {
  const endMs = performance.now() + SETTLE_MS_MAX;
  for (;;) {
    const open = process
      .getActiveResourcesInfo()
      .filter((name) => name === 'Timeout' || name === 'TCPSocketWrap' || name === 'TCPServerWrap');
    if (open.length === 0) return [];
    if (performance.now() > endMs) return [`left open: ${open.join(', ')}`];
    // Not a timer: it would count itself.
    await new Promise((go) => setImmediate(go));
  }
}

function mib(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
