/**
 * What lanes and fair turns come to: the closed form beside runs of the code that ships, in made time.
 *
 * Usage: node bench/capacity/lanes.ts
 */
import { fileURLToPath } from 'node:url';
import { type ByLane, type PoolLoss, poolLoss } from '#core/capacity/reservation-loss.ts';
import { allShardsHitShare, usualDealing } from '#core/queue/shuffle-shards.ts';
import { lineSettings } from '#core/queue/waiting-line.ts';
import { leasePages, onePool, runLanes } from './lane-pool.ts';
import { percentile, waitsOfTenants } from './tenant-turns.ts';

const SEED = 20261121;

/** A high lane that offers half of the slots and a low one that offers three quarters: 1.25 of the load. */
const offeredOn = (slots: number): ByLane<number> => ({
  interactive: slots / 2,
  standard: 0,
  bulk: (slots * 3) / 4,
});

const reservedBelow = (slots: number): ByLane<number> => ({ interactive: 0, standard: slots, bulk: slots });

/** One pool of slots, by the closed form. */
export function closedForm(slots: number, slotsReserved: number): PoolLoss {
  const { interactive, bulk } = offeredOn(slots);
  return poolLoss(slots, {
    interactive: { offeredErlangs: interactive, slotsReserved: 0 },
    standard: { offeredErlangs: 0, slotsReserved },
    bulk: { offeredErlangs: bulk, slotsReserved },
  });
}

/** The same, run: in one pool, or on the lease pages of the ledger. */
export function simulated(
  kind: 'pool' | 'pages',
  {
    slots,
    slotsReserved,
    calls,
  }: { readonly slots: number; readonly slotsReserved: number; readonly calls: number },
): PoolLoss {
  const reserved = reservedBelow(slotsReserved);
  const admission = kind === 'pool' ? onePool(slots, reserved) : leasePages(slots, reserved);
  return runLanes({ offeredErlangs: offeredOn(slots), slots, admission, calls, seed: SEED });
}

export interface NoisyNeighbour {
  readonly slots: number;
  readonly tenants: number;
  /** Each tenant's own load, as a share of its even part of the slots. */
  readonly loadShare: number;
  /** What the noisy one asks for, as a multiple of that. */
  readonly times: number;
  /** Calls of the others in each run. */
  readonly calls: number;
  readonly seeds: readonly number[];
  /** Puts all calls into the line as if one tenant's. @default false */
  readonly tenantsUnknown?: boolean;
}

/** The 99th percentile of what all tenants but the noisy one wait, in milliseconds, where a call lasts 5 s in the mean. */
export function othersWaitMs(world: NoisyNeighbour): number {
  const { slots, tenants, loadShare, times, calls, seeds, tenantsUnknown = false } = world;
  const own = (loadShare * slots) / tenants;
  const names = Array.from({ length: tenants }, (_, index) => `tenant-${index}`);
  const settings = lineSettings({ standard: { turnShareMin: 0.1 }, bulk: { turnShareMin: 0.1 } });
  const offeredErlangs = new Map(names.map((name, index) => [name, index === 0 ? own * times : own]));
  const allCalls = Math.floor((calls * (times + tenants - 1)) / (tenants - 1));
  const waits = seeds.flatMap((seed) =>
    [...waitsOfTenants({ settings, slots, offeredErlangs, calls: allCalls, seed, tenantsUnknown })]
      .filter(([name]) => name !== names[0])
      .flatMap(([, waited]) => waited),
  );
  return percentile(waits, 0.99);
}

/** Every figure, as lines of text. */
function laneReport(): readonly string[] {
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`.padStart(9);
  const row = (label: string, { blockedShares, usedShare }: PoolLoss): string =>
    `${label.padEnd(44)}${percent(blockedShares.interactive)}${percent(blockedShares.bulk)}${usedShare.toFixed(3).padStart(8)}`;
  const lines = ['Lanes at 1.25 of the load: high offers half of the slots, low three quarters.'];
  lines.push(`${''.padEnd(44)}${'high'.padStart(9)}${'low'.padStart(9)}${'used'.padStart(8)}`);
  for (const slotsReserved of [0, 2, 4, 8]) {
    const label = `one pool of 64, ${slotsReserved} in reserve`;
    lines.push(row(`${label}, closed form`, closedForm(64, slotsReserved)));
    lines.push(row(`${label}, run`, simulated('pool', { slots: 64, slotsReserved, calls: 400_000 })));
  }
  for (const [slots, slotsReserved] of [
    [64, 4],
    [64, 8],
    [192, 12],
    [192, 24],
  ] as const) {
    const label = `${slots / 16} pages of 16, ${slotsReserved} in reserve, run`;
    lines.push(row(label, simulated('pages', { slots, slotsReserved, calls: 300_000 })));
  }
  lines.push('', 'p99 of what the others wait at 64 slots, 5 s a call:');
  for (const [tenants, loadShare] of [
    [10, 0.9],
    [20, 0.9],
    [10, 0.95],
    [20, 0.95],
  ] as const) {
    const world = { slots: 64, tenants, loadShare, calls: 20_000, seeds: [1, 2, 3, 4, 5] };
    const alone = othersWaitMs({ ...world, times: 1 });
    const beside = othersWaitMs({ ...world, times: 50 });
    const who = `${tenants} tenants at ${loadShare} of their share: ${alone.toFixed(0)} ms`;
    lines.push(
      `${who}, beside one at 50 times that ${beside.toFixed(0)} ms (${(beside / alone).toFixed(2)})`,
    );
  }
  lines.push('', 'Chance that all 8 of 64 shards of a tenant are those of others too:');
  for (const others of [1, 4, 16])
    lines.push(
      `${String(others).padStart(3)} others: ${allShardsHitShare(usualDealing, others).toPrecision(6)}`,
    );
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const line of laneReport()) console.log(line);
