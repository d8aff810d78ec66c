/** Half a year of the real catalogue: which model stood in which region at each scan, from the events that changed it. */
import { readFileSync } from 'node:fs';
import catalogue from '#data/catalogue.json' with { type: 'json' };

interface HistoryEvent {
  readonly at: string;
  readonly modelsAdded?: readonly string[];
  readonly modelsRemoved?: readonly string[];
  /** By regions, comma-separated. */
  readonly regionsAdded?: Readonly<Record<string, readonly string[]>>;
  readonly regionsRemoved?: Readonly<Record<string, readonly string[]>>;
  readonly lifecycle?: Readonly<Record<string, readonly [string, string]>>;
  readonly scannerChanged?: boolean;
}

/** `region model`, e.g. `us-east-1 amazon.nova-lite-v1:0`. */
export type Pair = string;

export interface Scan {
  readonly at: number;
  readonly scannerChanged: boolean;
  readonly pairs: ReadonlySet<Pair>;
  /** Models that are LEGACY as of this scan. */
  readonly legacy: ReadonlySet<string>;
}

/** Where no file says in which regions a model stood that left before the last scan. */
const ASSUMED_REGIONS = ['us-east-1', 'us-west-2'];

/** The state before the first event, then the state after each. */
export function readHistory(): readonly Scan[] {
  const file = new URL('../fixtures/bedrock-catalogue-history.json', import.meta.url);
  const { events }: { events: readonly HistoryEvent[] } = JSON.parse(readFileSync(file, 'utf8'));
  const pairs = lastScan();
  const legacy = new Set(catalogue.models.filter((row) => row.lifecycle === 'LEGACY').map((row) => row.id));
  const regionsOf = new Map<string, readonly string[]>();
  const scans: Scan[] = [];
  for (const event of [...events].reverse()) {
    scans.unshift(scanOf(event, pairs, legacy));
    undo(event, { pairs, legacy, regionsOf });
  }
  const first = { at: events[0]?.at ?? '2026-02-13T00:00:00Z', scannerChanged: false };
  const before = scanOf(first, pairs, legacy);
  return [{ ...before, at: before.at - 86_400_000 }, ...scans];
}

function scanOf(event: HistoryEvent, pairs: ReadonlySet<Pair>, legacy: ReadonlySet<string>): Scan {
  return {
    at: Date.parse(event.at),
    scannerChanged: event.scannerChanged === true,
    pairs: new Set(pairs),
    legacy: new Set(legacy),
  };
}

function lastScan(): Set<Pair> {
  return new Set(
    catalogue.models
      // Models that came after the last scan stand in the catalogue, but not in the history.
      .filter((row) => row.asOf <= '2026-08-21')
      .flatMap((row) => {
        const regions = [...(row.onDemandRegions ?? []), ...(row.profileOnlyRegions ?? [])];
        const unclear = [...(row.onDemandOrMantleRegions ?? []), ...(row.mantleRegions ?? [])];
        return [...new Set([...regions, ...unclear])].map((region) => `${region} ${row.id}`);
      }),
  );
}

function undo(
  event: HistoryEvent,
  state: {
    readonly pairs: Set<Pair>;
    readonly legacy: Set<string>;
    readonly regionsOf: Map<string, readonly string[]>;
  },
): void {
  const { pairs, legacy, regionsOf } = state;
  for (const pair of pairsOf(event.regionsAdded)) pairs.delete(pair);
  for (const pair of pairsOf(event.regionsRemoved)) pairs.add(pair);
  for (const model of event.modelsAdded ?? []) {
    const regions = [...pairs]
      .filter((pair) => pair.endsWith(` ${model}`))
      .map((pair) => pair.split(' ')[0] ?? '');
    regionsOf.set(model, regions);
    for (const region of regions) pairs.delete(`${region} ${model}`);
  }
  for (const model of event.modelsRemoved ?? []) {
    for (const region of regionsOf.get(model) ?? ASSUMED_REGIONS) pairs.add(`${region} ${model}`);
  }
  for (const [model, [from]] of Object.entries(event.lifecycle ?? {})) {
    if (from === 'LEGACY') legacy.add(model);
    else legacy.delete(model);
  }
}

function pairsOf(byRegions: HistoryEvent['regionsAdded']): readonly Pair[] {
  return Object.entries(byRegions ?? {}).flatMap(([regions, models]) =>
    regions.split(',').flatMap((region) => models.map((model) => `${region} ${model}`)),
  );
}
