import { parseArgs } from 'node:util';
import { type ContenderName, contenderNames } from './contenders.ts';
import { type Stretch, stretches } from './stretches.ts';

export interface BenchOptions {
  readonly json: boolean;
  readonly rounds: number;
  /** For each contender, plain and again streamed. */
  readonly warmUpMs: number;
  readonly discardMs: number;
  readonly measureMs: number;
  /** Of an open loop: a p99 needs more answers than a throughput. */
  readonly measureOpenMs: number;
  /** Processes that load the function's bundle. */
  readonly imports: number;
  readonly names: readonly ContenderName[];
  readonly stretches: readonly Stretch[];
  readonly profileFolder: string | undefined;
}

export const usage = `node bench/gateway/run.ts [options]
  --quick              fewer and shorter stretches: under 40 seconds, for a first look
  --json               the figures as JSON on standard output
  --without <name>     leave a contender out (${contenderNames.filter((name) => name !== 'direct').join(', ')}); repeatable
  --stretch <name>     only this stretch of load (${stretches.map(({ name }) => name).join(', ')}); repeatable
  --profile <folder>   write a processor profile of Spillway there`;

/** @throws an Error that says what is wrong */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      without: { type: 'string', multiple: true, default: [] },
      stretch: { type: 'string', multiple: true, default: [] },
      profile: { type: 'string' },
    },
  });
  const { quick, without, stretch, profile } = values;
  checkNames(
    '--without',
    without,
    contenderNames.filter((name) => name !== 'direct'),
  );
  checkNames(
    '--stretch',
    stretch,
    stretches.map(({ name }) => name),
  );
  const wanted = (one: Stretch) =>
    stretch.length === 0 ? one.isQuick || !quick : stretch.includes(one.name);
  return {
    json: values.json,
    // Even, so that each contender stands as often before as behind every other.
    rounds: quick ? 2 : 4,
    warmUpMs: quick ? 600 : 3_000,
    discardMs: quick ? 100 : 300,
    measureMs: quick ? 300 : 1_200,
    measureOpenMs: quick ? 600 : 2_500,
    imports: quick ? 3 : 7,
    names: contenderNames.filter((name) => !without.includes(name)),
    stretches: stretches.filter(wanted),
    profileFolder: profile,
  };
}

function checkNames(option: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`${option} takes ${known.join(', ')}; not ${unknown.join(', ')}`);
}
