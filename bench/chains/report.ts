/** How the bench of chains tells what it does, what it found, and whether that will do. */
import { type ChainResult, quantile } from '#test/builders/chain-load.ts';

export const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A line for each quarter that has begun. */
export function progressOf(name: string, total: number): (begun: number) => void {
  const startedMs = performance.now();
  let told = 0;
  return (begun) => {
    const quarter = Math.floor((4 * begun) / total);
    if (quarter <= told) return;
    told = quarter;
    console.log(
      `… ${name}: ${begun} of ${total} chains after ${seconds(performance.now() - startedMs)} s of the machine`,
    );
  };
}

const COLUMNS = [
  '',
  'slots',
  'chain p50',
  'p95',
  'p99',
  'embedding p95',
  'any cold',
  'failed',
  'asked again',
];

export interface Row {
  readonly name: string;
  readonly slots: string;
  readonly results: readonly ChainResult[];
  /** Chains that met a target without a copy. */
  readonly cold: number;
}

export const p95Of = (results: readonly ChainResult[]): number =>
  quantile(
    results.map(({ durationMs }) => durationMs),
    0.95,
  );

export const medianChatMs = (results: readonly ChainResult[]): number =>
  quantile(
    results
      .flatMap(({ calls }) => calls)
      .filter(({ model }) => model !== 'embed')
      .map(({ durationMs }) => durationMs),
    0.5,
  );

export const failuresIn = (results: readonly ChainResult[]): number =>
  results.flatMap(({ calls }) => calls).filter(({ status }) => status !== 200).length;

/** Seconds before scaling. */
export function drawTable(rows: readonly Row[]): string {
  const lines = rows.map(({ name, slots, results, cold }) => {
    const times = results.map(({ durationMs }) => durationMs);
    const calls = results.flatMap((chain) => chain.calls);
    const embeddings = calls.filter(({ model }) => model === 'embed').map(({ durationMs }) => durationMs);
    const chatMs = medianChatMs(results);
    return [
      ...[
        name,
        slots,
        seconds(quantile(times, 0.5)),
        seconds(p95Of(results)),
        seconds(quantile(times, 0.99)),
      ],
      ...[(chatMs / 1000).toFixed(2), (quantile(embeddings, 0.95) / 1000).toFixed(2)],
      percent(cold / results.length),
      String(failuresIn(results)),
      String(calls.filter(({ tries }) => tries > 1).length),
    ];
  });
  const ruler = COLUMNS.map((_, index) => (index === 0 ? '---' : '---:'));
  return [COLUMNS, ruler, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export interface Verdicts {
  /** Tells one, and remembers a miss. */
  judge(what: string, isHeld: boolean): void;
  misses(): number;
}

export function createVerdicts(): Verdicts {
  let misses = 0;
  return {
    judge: (what, isHeld) => {
      if (!isHeld) misses += 1;
      console.log(`${isHeld ? 'held  ' : 'MISSED'} ${what}`);
    },
    misses: () => misses,
  };
}
