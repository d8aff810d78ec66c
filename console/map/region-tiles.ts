/** Every region as the map shows it, gathered by geography: first those in which something is lawful. */
import { regionColumns } from '#contract/region-columns.ts';
import type { ResidencyMap } from '#contract/residencies.ts';
import { type Foreseen, isLawful, type MapQuestion } from './foresee-traffic.ts';

export interface RegionTile {
  readonly region: string;
  /** In English. The code where the language has no name for it; empty where nobody knows the country. */
  readonly country: string;
  readonly jurisdictions: readonly string[];
  readonly isLawful: boolean;
  readonly isGateway: boolean;
  readonly isDark: boolean;
  /** 1 for the region that is asked first. Undefined for one that is not asked. */
  readonly turn: number | undefined;
  /** The one that is asked first may be run here by AWS. */
  readonly mayRun: boolean;
  /** Calls under the residency that were sent there in the last minute. */
  readonly went: number;
}

export interface Geography {
  readonly name: string;
  readonly tiles: readonly RegionTile[];
}

export function tilesOf(
  map: ResidencyMap,
  question: MapQuestion,
  {
    foreseen,
    asked,
  }: { readonly foreseen: Foreseen; readonly asked?: ReadonlyMap<string, number> | undefined },
): readonly Geography[] {
  const known = new Map(map.regions.map((each) => [each.region, each]));
  const firstReach = foreseen.steps[0]?.reach ?? [];
  const tiles = regionColumns(known.keys()).map(({ region, geography }) => {
    const turn = foreseen.steps.findIndex((step) => step.region === region);
    const lawful = isLawful(map, question.residency, region);
    const tile: RegionTile = {
      region,
      country: countryName(known.get(region)?.country),
      jurisdictions: known.get(region)?.jurisdictions ?? [],
      isLawful: lawful,
      isGateway: map.gateways.includes(region),
      isDark: question.dark === region,
      turn: turn < 0 ? undefined : turn + 1,
      went: asked?.get(region) ?? 0,
      mayRun: lawful && turn < 0 && firstReach.includes(region),
    };
    return { geography, tile };
  });
  const geographies = [...Map.groupBy(tiles, ({ geography }) => geography)].map(([name, own]) => ({
    name,
    tiles: own.map(({ tile }) => tile),
  }));
  const isOpen = (each: Geography): number => Number(each.tiles.some((tile) => tile.isLawful));
  return geographies.sort((left, right) => isOpen(right) - isOpen(left));
}

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

const countryName = (code: string | undefined): string =>
  code === undefined ? '' : (names.of(code) ?? code);
