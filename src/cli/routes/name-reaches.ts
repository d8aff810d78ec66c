import { shortRegion } from '#contract/region-columns.ts';

interface ReachingTarget {
  readonly region: string;
  readonly reach: readonly string[];
}

export interface ReachNames {
  nameOf(target: ReachingTarget): string;
  /** What each name stands for, where it says less than the regions. */
  readonly notes: readonly string[];
}

/**
 * Short names for the reaches of one table: `own region`, `everywhere`, one region by its name, two by their codes, else their
 * areas and number, such as `eu (6)`, told apart by a letter and spelled out in the notes.
 */
export function nameReaches(targets: readonly ReachingTarget[]): ReachNames {
  const names = new Map<string, string>();
  for (const { reach } of targets) {
    const key = keyOf(reach);
    if (names.has(key)) continue;
    const name = shortName(reach);
    const same = [...names.values()].filter((other) => other === name || other.startsWith(`${name} `)).length;
    names.set(key, same === 0 ? name : `${name} ${'abcdefghij'[same] ?? same + 1}`);
  }
  return {
    nameOf: ({ region, reach }) =>
      keyOf(reach) === region ? 'own region' : (names.get(keyOf(reach)) ?? shortName(reach)),
    notes: [...names]
      .filter(([key]) => key.split(' ').length > REGIONS_SPELLED_MAX)
      .map(([key, name]) => `${name}: ${key}`),
  };
}

const REGIONS_SPELLED_MAX = 2;

const keyOf = (reach: readonly string[]): string => [...reach].sort().join(' ');

function shortName(reach: readonly string[]): string {
  if (reach.includes('*')) return 'everywhere';
  const [first] = reach;
  if (first === undefined) return 'unknown';
  if (reach.length <= REGIONS_SPELLED_MAX)
    return reach.length === 1 ? first : reach.map(shortRegion).join(' ');
  const areas = [...new Set(reach.map((region) => region.split('-')[0]))].sort().join('+');
  return `${areas} (${reach.length})`;
}
