/**
 * What listeners of live events cost a gateway: processor time of a request with twenty of them against none, side by
 * side. Two gateways in processes of their own take turns under the same load. First nobody listens to either, which
 * says how alike they are; then twenty listen to one. The rise is the second ratio over the first.
 *
 *     node bench/live-events.ts [--rounds <n>] [--seconds <n>] [--connections <n>]
 */
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { functionNodeOptions } from '#lib/constructs/function-bundling.ts';
import budgetFile from './budgets.json' with { type: 'json' };
import { type BenchProcess, processorMicros, startProcess } from './gateway/bench-process.ts';
import { bundle, openBundleFolder } from './gateway/bundle.ts';
import { apiKey, type LoadReport } from './gateway/protocol.ts';
import { type Figure, figureOf } from './gateway/statistics.ts';

const LISTENERS = 20;
const DISCARD_MS = 500;
const WARM_UP_MS = 4_000;
const IDLE_MS = 3_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '16' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const headers = { authorization: `Bearer ${apiKey}` };

interface Crew {
  readonly load: BenchProcess;
  readonly watched: BenchProcess;
  readonly unwatched: BenchProcess;
}

async function loaded(crew: Crew, gateway: BenchProcess, measureMs: number): Promise<number> {
  const before = processorMicros(gateway.pid);
  const report = await crew.load.ask<LoadReport>({
    url: `http://127.0.0.1:${gateway.port}/v1/chat/completions`,
    headers,
    stream: false,
    shape: { connections },
    discardMs: DISCARD_MS,
    measureMs,
  });
  if (report.wrongCount > 0) throw new Error(`wrong answers: ${report.wrong.join('; ')}`);
  return (processorMicros(gateway.pid) - before) / report.answersInAll;
}

interface Compared {
  readonly ratio: Figure;
  readonly microsWatched: Figure;
  readonly microsUnwatched: Figure;
}

/** In alternating order, so that what changes in the meantime changes for both. */
async function compare(crew: Crew): Promise<Compared> {
  const pairs: { readonly watched: number; readonly unwatched: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = round % 2 === 0 ? crew.watched : crew.unwatched;
    const second = round % 2 === 0 ? crew.unwatched : crew.watched;
    const micros = new Map<BenchProcess, number>();
    for (const gateway of [first, second]) micros.set(gateway, await loaded(crew, gateway, seconds * 1000));
    pairs.push({ watched: micros.get(crew.watched) ?? 0, unwatched: micros.get(crew.unwatched) ?? 0 });
  }
  return {
    ratio: figureOf(pairs.map(({ watched, unwatched }) => watched / unwatched)),
    microsWatched: figureOf(pairs.map(({ watched }) => watched)),
    microsUnwatched: figureOf(pairs.map(({ unwatched }) => unwatched)),
  };
}

/** Each reads all that it is told, and counts it: a listener that hears nothing costs nothing. */
async function listen({ port }: BenchProcess, stop: AbortSignal) {
  const heard = Array.from({ length: LISTENERS }, () => 0);
  const reading = heard.map(async (_, index) => {
    const response = await fetch(`http://127.0.0.1:${port}/spillway/v1/events`, { headers, signal: stop });
    if (response.body === null || !response.ok) throw new Error(`no live events: ${response.status}`);
    const decoder = new TextDecoder();
    for await (const bytes of response.body)
      heard[index] = (heard[index] ?? 0) + (decoder.decode(bytes).match(/^id: /gm) ?? []).length;
  });
  return { heard, ended: Promise.allSettled(reading) };
}

/** Processor milliseconds a second of a gateway without requests. */
async function idle(gateway: BenchProcess): Promise<number> {
  const before = processorMicros(gateway.pid);
  await delay(IDLE_MS);
  return (processorMicros(gateway.pid) - before) / IDLE_MS;
}

const percent = (share: number): string => `${((share - 1) * 100).toFixed(2)} %`;
const spread = ({ median, min, max }: Figure, write: (value: number) => string): string =>
  `${write(median)} (${write(min)} to ${write(max)})`;
const micros = (value: number): string => `${value.toFixed(1)} µs`;

const folder = openBundleFolder();
const lines = openSync(join(folder, 'lines.log'), 'a');
const started: BenchProcess[] = [];
const start = async (
  name: string,
  parameters: readonly string[] = [],
  stdout?: number,
): Promise<BenchProcess> => {
  const execArguments = name === 'spillway' ? functionNodeOptions : [];
  const file = bundle(`bench/gateway/processes/${name}.ts`, folder);
  const process = await startProcess({ file, parameters, execArguments, stdout });
  started.push(process);
  return process;
};
try {
  const upstream = await start('mock-upstream');
  const origin = `http://127.0.0.1:${upstream.port}`;
  const crew: Crew = {
    load: await start('load-generator'),
    watched: await start('spillway', [origin], lines),
    unwatched: await start('spillway', [origin], lines),
  };
  for (const gateway of [crew.watched, crew.unwatched]) await loaded(crew, gateway, WARM_UP_MS);
  const alike = await compare(crew);
  console.log(`nobody listens: one gateway takes ${spread(alike.ratio, percent)} more than the other`);
  const stop = new AbortController();
  const { heard, ended } = await listen(crew.watched, stop.signal);
  const compared = await compare(crew);
  const idleMs = (await idle(crew.watched)) - (await idle(crew.unwatched));
  stop.abort();
  await ended;
  if (Math.min(...heard) < rounds * 2) throw new Error(`listeners heard only ${heard.join(', ')} events`);
  const rise = compared.ratio.median / alike.ratio.median - 1;
  console.log(
    `processor time of a request: ${spread(compared.microsWatched, micros)} with ${LISTENERS} listeners, ${spread(compared.microsUnwatched, micros)} with none`,
  );
  console.log(
    `${LISTENERS} listeners: ${spread(compared.ratio, percent)} more than the other; each heard ${Math.min(...heard)} events or more`,
  );
  console.log(`without requests they take ${idleMs.toFixed(2)} ms of processor time a second`);
  const { cpuRiseMax } = budgetFile.liveEvents;
  const isWithin = rise <= cpuRiseMax;
  console.log(
    `rise: ${percent(1 + rise)}, budget ${percent(1 + cpuRiseMax)}: ${isWithin ? 'within' : 'OVER'}`,
  );
  process.exitCode = isWithin ? 0 : 1;
} finally {
  await Promise.all(started.map((one) => one.stop()));
  closeSync(lines);
  rmSync(folder, { recursive: true, force: true });
}
