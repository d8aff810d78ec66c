/**
 * Whether the gateway keeps anything: many requests with faults and aborts against the shipped gateway, which runs in
 * this process, while models and callers run in another.
 *
 *     node bench/soak.ts --requests 200000       figures; exit code 1 when something stays behind, 3 when the readings
 *                                                of memory waver too much for a verdict, as those of short runs do
 *     node bench/soak.ts --leak-bytes 16         keeps so much of every request: it must not end with 0
 *
 * Memory: everything that the program can keep is counted in a snapshot of the heap, twenty times on the way; it must not
 * grow with the requests. Where twenty readings waver too much for a verdict, it goes on, to three times as many. Leases: each target takes no more in flight than there are callers, so leases that are never
 * given back end in answers of `capacity_exhausted`. Sockets and timers: when the server has closed, none may be left.
 */
import { fork } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeHeapSnapshot } from 'node:v8';
import { openBenchGateway } from './gateway/bench-gateway.ts';
import { judgeSlope, type Slope, type SlopeVerdict, slopeOf } from './gateway/slope.ts';
import {
  CALLERS,
  type CensusAnswer,
  type CensusOrder,
  type SoakCount,
  type SoakOrder,
} from './gateway/soak-protocol.ts';

const LAPS = 20;
/** The error of a slope falls faster than the number of readings grows: three times as many divide it by five. */
const LAPS_MAX = 3 * LAPS;
/** V8 learns the rarest shapes and Node makes what it makes once, such as its sets' room for sockets; that is no leak. */
const LAPS_SETTLING = 9;
const SHARES = { faultShare: 0.05, abortShare: 0.02 };
/**
 * Pools and caches fill at first; that is not a leak. The last to be full are the lists of ended calls that the pooled
 * connections to targets let go of by the 256: of as many connections as there are callers. What comes with faults and
 * aborts alone, such as Node's table of errors, comes with so many of them.
 */
const WARM_UP = { requests: 2 * CALLERS * 256, faultShare: 0.2, abortShare: 0.1 };
/** The smallest slope that a run must be able to show, for a verdict. */
const SLOPE_BYTES_MIN = 1;
const SETTLE_MS_MAX = 10_000;
const EXIT_UNSURE = 3;

interface Lap extends CensusAnswer {
  readonly requests: number;
}

if (process.send === undefined) process.exitCode = await again();
else process.exitCode = await main();

/** The same program with its lines, which are the gateway's, where nobody reads them. */
async function again(): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit', 'ipc'],
  });
  const [code] = await once(child, 'exit');
  return Number(code ?? 1);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '200000' },
      'leak-bytes': { type: 'string', default: '0' },
    },
  });
  const requests = Number(values.requests);
  const leakBytes = Number(values['leak-bytes']);
  if (!Number.isInteger(requests) || requests < LAPS * CALLERS) {
    console.error(`--requests takes a whole number of ${LAPS * CALLERS} or more, not ${values.requests}`);
    return 2;
  }
  if (!Number.isInteger(leakBytes) || leakBytes < 0 || leakBytes % 8 !== 0) {
    console.error(`--leak-bytes takes 0 or a multiple of 8, not ${values['leak-bytes']}`);
    return 2;
  }
  if (leakBytes > 0) plantLeak(leakBytes);
  const { laps, total } = await soak(Math.ceil(requests / LAPS));
  console.error(JSON.stringify(total));
  const memory = judgeMemory(laps);
  const faults = [...answerFaults(total), ...memory.faults, ...(await leftOpen())];
  for (const fault of faults) console.error(`FAULT  ${fault}`);
  if (faults.length > 0) return 1;
  return memory.isSure ? 0 : EXIT_UNSURE;
}

async function soak(
  requestsPerLap: number,
): Promise<{ readonly laps: readonly Lap[]; readonly total: Readonly<Record<string, number>> }> {
  const world = fork(fileURLToPath(new URL('gateway/processes/soak-world.ts', import.meta.url)));
  const [{ origin }] = (await once(world, 'message')) as [{ origin: string }];
  const asked = async (order: SoakOrder | CensusOrder) => {
    world.send(order);
    return (await once(world, 'message'))[0];
  };
  const gateway = await openBenchGateway({ origin, share: CALLERS });
  const directory = mkdtempSync(join(tmpdir(), 'spillway-soak-'));
  const laps: Lap[] = [];
  const total: Record<string, number> = {};
  await asked({ url: gateway.url, ...WARM_UP });
  for (let lap = 1; lap <= LAPS || (lap <= LAPS_MAX && judgeLaps(laps).verdict === 'unsure'); lap += 1) {
    const count: SoakCount = await asked({ url: gateway.url, requests: requestsPerLap, ...SHARES });
    for (const [name, value] of Object.entries(count)) total[name] = (total[name] ?? 0) + value;
    const heapSnapshotPath = join(directory, 'now.heapsnapshot');
    await writeSnapshot(heapSnapshotPath);
    const residentBytes = process.memoryUsage.rss();
    const requests = lap * requestsPerLap;
    const census: CensusAnswer = await asked({ heapSnapshotPath, isReference: lap === LAPS_SETTLING + 1 });
    laps.push({ ...census, requests });
    console.error(
      `${requests} requests: kept ${kib(census.keptBytes)}, compiled ${kib(census.compiledBytes)}, ` +
        `resident ${kib(residentBytes)}`,
    );
  }
  await gateway.close();
  world.disconnect();
  await once(world, 'exit');
  rmSync(directory, { recursive: true });
  return { laps, total };
}

/** Ends with a collection of garbage, V8's numbering of objects, which would grow itself, thrown away. */
async function writeSnapshot(path: string): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.enable');
  writeHeapSnapshot(path);
  await session.post('HeapProfiler.disable');
  session.disconnect();
}

/** Numbers, eight bytes each, that nobody ever takes back. */
function plantLeak(bytesPerRequest: number): void {
  const kept: number[] = [];
  subscribe('http.server.request.start', () => {
    for (let bytes = 0; bytes < bytesPerRequest; bytes += 8) kept.push(kept.length + 0.5);
  });
}

function answerFaults(total: Readonly<Record<string, number>>): readonly string[] {
  return ['wrong', 'capacity_exhausted', 'internal_error'].flatMap((name) =>
    (total[name] ?? 0) === 0 ? [] : [`${total[name]} answers were ${name}`],
  );
}

function judgeLaps(laps: readonly Lap[]): { readonly kept: Slope; readonly verdict: SlopeVerdict } {
  const readings = laps
    .slice(LAPS_SETTLING)
    .map(({ requests, keptBytes }) => ({ requests, bytes: keptBytes }));
  const kept = slopeOf(readings);
  return { kept, verdict: judgeSlope(kept, SLOPE_BYTES_MIN) };
}

function judgeMemory(laps: readonly Lap[]): { readonly faults: readonly string[]; readonly isSure: boolean } {
  const { kept, verdict } = judgeLaps(laps);
  const figures = `${kept.bytesPerRequest.toFixed(2)} ± ${kept.error.toFixed(2)} bytes a request`;
  console.error(`slope of what is kept: ${figures}: ${verdict}`);
  if (verdict !== 'grows') return { faults: [], isSure: verdict === 'flat' };
  const grown = laps.at(-1)?.grown.map(([name, bytes]) => `${name} by ${bytes}`) ?? [];
  return { faults: [`memory grows by ${figures}; most of it: ${grown.join(', ')}`], isSure: true };
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

function kib(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}
