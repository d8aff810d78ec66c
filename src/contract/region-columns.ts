/** A column of the matrix: one region, under a code short enough for 31 of them to fit on a screen or two. */
export interface RegionColumn {
  readonly region: string;
  /** `use1`, `apne1`: as AWS itself shortens regions in availability-zone ids. */
  readonly code: string;
  readonly geography: string;
}

const geographies: readonly (readonly [name: string, areas: readonly string[]])[] = [
  ['Americas', ['us', 'ca', 'mx', 'sa']],
  ['Europe', ['eu', 'eusc']],
  ['Middle East and Africa', ['il', 'me', 'af']],
  ['Asia Pacific', ['ap']],
];

const directions: Readonly<Record<string, string>> = {
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

/** Columns of the regions, geography by geography, each in the order of its areas and then by code. */
export function regionColumns(regions: Iterable<string>): readonly RegionColumn[] {
  const columns = [...new Set(regions)].map((region) => ({
    region,
    code: shortRegion(region),
    geography: geographyOf(region),
    rank: rankOf(region),
  }));
  columns.sort((left, right) => left.rank - right.rank || (left.region < right.region ? -1 : 1));
  return columns.map(({ region, code, geography }) => ({ region, code, geography }));
}

/** `eu-central-1` → `euc1`. A word that is no direction keeps its first letter, so that new regions read too. */
export function shortRegion(region: string): string {
  const [area = '', ...rest] = region.split('-');
  return (
    area + rest.map((word) => directions[word] ?? (/^\d+$/.test(word) ? word : word.slice(0, 1))).join('')
  );
}

const areaOf = (region: string): string => region.split('-')[0] ?? '';

function geographyOf(region: string): string {
  return geographies.find(([, areas]) => areas.includes(areaOf(region)))?.[0] ?? 'Other';
}

/** Places an area by its geography, then by its order there; unknown areas last. */
function rankOf(region: string): number {
  const area = areaOf(region);
  const index = geographies.flatMap(([, areas]) => areas).indexOf(area);
  return index === -1 ? Number.MAX_SAFE_INTEGER : index;
}
