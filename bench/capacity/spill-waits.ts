/**
 * What a bounded wait before the next tier brings and costs.
 *
 * Usage: node bench/capacity/spill-waits.ts
 */
import { fileURLToPath } from 'node:url';
import { byLane } from '#core/capacity/reservation-loss.ts';
import { runSpills, type SpillOutcome, type SpillPolicy } from './spill-pool.ts';

const CALLS = 200_000;
const SEED = 20261121;

/** Interactive calls alone, which may wait a tenth of their time to the first content. */
export function interactiveAlone(world: {
  readonly slots: number;
  readonly load: number;
  readonly policy: SpillPolicy;
  readonly alone?: boolean;
  readonly calls?: number;
}): SpillOutcome {
  const { slots, load, policy, alone = false, calls = CALLS } = world;
  return runSpills({
    slots,
    offeredErlangs: { interactive: slots * load, standard: 0, bulk: 0 },
    reserved: byLane(() => 0),
    policy: byLane(() => policy),
    waitShareMax: byLane(() => 0.1),
    alone,
    calls,
    seed: SEED,
  });
}

/** Bulk calls beside interactive ones at half of the load, on 64 slots of which 5 are kept from bulk. */
export function bulkBeside(bulkLoad: number, bulkWaitShare: number, calls = CALLS): SpillOutcome {
  const slots = 64;
  return runSpills({
    slots,
    offeredErlangs: { interactive: slots * 0.5, standard: 0, bulk: slots * bulkLoad },
    reserved: { interactive: 0, standard: 0, bulk: 5 },
    policy: {
      interactive: 'expected',
      standard: 'expected',
      bulk: bulkWaitShare === 0 ? 'never' : 'always',
    },
    waitShareMax: { interactive: 0.1, standard: 0.1, bulk: bulkWaitShare },
    calls,
    seed: SEED,
  });
}

/** Every figure, as lines of text. */
function spillReport(): readonly string[] {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(9);
  const ms = (value: number): string => `${value.toFixed(0)} ms`.padStart(9);
  const lines = ['At most a tenth of 5 s before the next tier; calls of 5 s.'];
  lines.push(
    `${''.padEnd(34)}${['spill', 'used', 'mean wait', 'p95 wait'].map((head) => head.padStart(9)).join('')}`,
  );
  const row = (label: string, { spilledShares, usedShare, waitMs: { interactive } }: SpillOutcome): string =>
    `${label.padEnd(34)}${percent(spilledShares.interactive)}${percent(usedShare)}${ms(interactive.mean)}${ms(interactive.p95)}`;
  for (const slots of [16, 32, 64])
    for (const load of [0.7, 0.8, 0.9, 1, 1.25]) {
      const label = `${slots} slots, load ${load.toFixed(2)}`;
      for (const policy of ['never', 'always', 'expected'] as const)
        lines.push(row(`${label}, ${policy}`, interactiveAlone({ slots, load, policy })));
      lines.push(
        row(`${label}, expected, alone`, interactiveAlone({ slots, load, policy: 'expected', alone: true })),
      );
    }
  lines.push('', 'Bulk beside interactive calls at half of the load, on 64 slots:');
  for (const bulkLoad of [0.3, 0.4, 0.5])
    for (const share of [0, 0.1, 0.25, 0.5, 1]) {
      const { spilledShares, usedShare, waitMs } = bulkBeside(bulkLoad, share);
      lines.push(
        `bulk at ${bulkLoad} waits ${share} of 5 s:`.padEnd(30) +
          `${percent(spilledShares.bulk)} of it spills, waits${ms(waitMs.bulk.mean)} in the mean; ` +
          `interactive${percent(spilledShares.interactive)}, p95${ms(waitMs.interactive.p95)}; used${percent(usedShare)}`,
      );
    }
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const line of spillReport()) console.log(line);
