/**
 * What listeners of live events cost a gateway: processor time of a request with twenty of them against none. Two gateways
 * in processes of their own serve the same load in the same seconds, so that whatever else the machine does slows both.
 * A pair is compared three times: twice while nobody listens, which says what the method sees where there is nothing to
 * see, then with twenty at one of them. Each pair has fresh processes, and the other one of them is listened to.
 *
 *     node bench/live-events.ts [--pairs <n>] [--rounds <n>] [--seconds <n>] [--rate <requests a second of each>]
 */
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { functionNodeOptions } from '#lib/constructs/function-bundling.ts';
import budgetFile from './budgets.json' with { type: 'json' };
import { type BenchProcess, startProcess } from './gateway/bench-process.ts';
import { bundle, openBundleFolder } from './gateway/bundle.ts';
import { type Figure, figureOf } from './gateway/statistics.ts';
import { type ComparedPair, comparePair, LISTENERS } from './live-events/compare-pair.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '2' },
    rate: { type: 'string', default: '300' },
  },
});
const load = {
  rounds: Number(values.rounds),
  measureMs: Number(values.seconds) * 1000,
  perSecond: Number(values.rate),
};

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const micros = (value: number): string => `${value.toFixed(1)} µs`;
const spread = ({ median, min, max }: Figure, write: (value: number) => string): string =>
  `${write(median)} (${write(min)} to ${write(max)})`;

function report(pairs: readonly ComparedPair[]): boolean {
  const of = (read: (pair: ComparedPair) => number): Figure => figureOf(pairs.map(read));
  const rise = of(({ rise }) => rise);
  const { cpuRiseMax } = budgetFile.liveEvents;
  const isWithin = rise.median <= cpuRiseMax;
  const pairsTold = `${pairs.length} pairs, each of ${load.rounds} rounds of ${load.measureMs} ms, ${load.perSecond} requests a second at each gateway`;
  console.log(`${pairsTold}: median (least to most)
processor time of a request while nobody listens: ${spread(
    of((pair) => pair.requestMicros),
    micros,
  )}
the same gateways compared twice while nobody listens: ${spread(
    of(({ floor }) => floor),
    percent,
  )} apart
${LISTENERS} listeners at one of them: ${spread(rise, percent)} more; budget ${percent(cpuRiseMax)}: ${isWithin ? 'within' : 'OVER'}
without requests ${LISTENERS} listeners take ${of(({ idleMs }) => idleMs).median.toFixed(2)} ms of processor time a second`);
  return isWithin;
}

const folder = openBundleFolder();
const lines = openSync(join(folder, 'lines.log'), 'a');
const started = new Set<BenchProcess>();
const start = async (name: string, parameters: readonly string[] = []): Promise<BenchProcess> => {
  const isGateway = name === 'spillway';
  const process = await startProcess({
    file: bundle(`bench/gateway/processes/${name}.ts`, folder),
    parameters,
    execArguments: isGateway ? functionNodeOptions : [],
    stdout: isGateway ? lines : undefined,
  });
  started.add(process);
  return process;
};
try {
  const upstream = await start('mock-upstream');
  const callers = [await start('load-generator'), await start('load-generator')] as const;
  const pairs: ComparedPair[] = [];
  for (let pair = 0; pair < Number(values.pairs); pair += 1) {
    const origin = `http://127.0.0.1:${upstream.port}`;
    const gateways = [await start('spillway', [origin]), await start('spillway', [origin])] as const;
    const compared = await comparePair({ callers, gateways, watched: pair % 2 === 0 ? 0 : 1, load });
    pairs.push(compared);
    console.error(`pair ${pair + 1}: ${percent(compared.rise)} more; of nothing ${percent(compared.floor)}`);
    for (const gateway of gateways) {
      started.delete(gateway);
      await gateway.stop();
    }
  }
  process.exitCode = report(pairs) ? 0 : 1;
} finally {
  await Promise.all([...started].map((one) => one.stop()));
  closeSync(lines);
  rmSync(folder, { recursive: true, force: true });
}
