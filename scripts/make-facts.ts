/**
 * Writes data/*.json, the facts that ship with the product, from the larger research files.
 *
 * Usage: node scripts/make-facts.ts [folder of the research files]. The output is deterministic: the same
 * input gives the same bytes, one row per line, sorted by id, so that a refresh shows up as a small diff.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { factsFileText } from './facts-file.ts';

interface Research {
  readonly regions: ResearchFile & { readonly regions: readonly ResearchRegion[] };
  readonly catalogue: ResearchFile & { readonly models: readonly ResearchModel[] };
  readonly profiles: ResearchFile & {
    readonly destinationSets: Readonly<Record<string, readonly string[]>>;
    readonly profiles: readonly ResearchProfile[];
  };
  readonly prices: ResearchFile & {
    readonly samePriceAs: Readonly<Record<string, string>>;
    readonly prices: readonly ResearchPrice[];
  };
}

interface ResearchFile {
  readonly source: unknown;
  readonly as_of: string;
}

interface ResearchRegion {
  readonly code: string;
  readonly name: string;
  readonly country: string;
  readonly groups: readonly string[];
  readonly optIn: boolean;
  readonly bedrockControlPlane: boolean | null;
}

interface ResearchModel {
  readonly modelId: string;
  readonly provider: string;
  readonly name: string;
  readonly input: readonly string[] | null;
  readonly output: readonly string[] | null;
  readonly streaming: boolean | null;
  readonly inferenceTypes: readonly string[];
  readonly customizations?: readonly string[];
  readonly lifecycle: string;
  readonly lifecycleDates?: Readonly<Record<string, string | number | null>>;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly endpoints: readonly string[];
  readonly onDemandRegions: readonly string[] | null;
  readonly profileOnlyRegions: readonly string[] | null;
  readonly globalOnlyRegions?: readonly string[];
  readonly onDemandOrMantleRegions?: readonly string[];
  readonly mantleRegions?: readonly string[];
  readonly requiresDataRetentionMode?: string;
  readonly asOf: string;
}

interface ResearchProfile {
  readonly id: string;
  readonly geo: string;
  readonly model: string;
  readonly destinationsBySource?: Readonly<Record<string, string>>;
  readonly sources?: readonly string[];
}

interface ResearchPrice {
  readonly modelId: string;
  readonly scope: string;
  readonly tier: string;
  readonly in?: number;
  readonly out?: number | null;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite30m?: number;
  readonly regions?: string;
  readonly src: string;
}

/** One line of prices.json; amounts in micro-USD per million tokens. */
interface PriceRow {
  readonly modelId: string;
  readonly scope: 'list' | 'in-region' | 'geo' | 'global';
  readonly geo?: string;
  readonly profileId?: string;
  readonly regions?: readonly string[];
  readonly in: number;
  readonly out: number | null;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly src: string;
}

const MICRO_USD_PER_USD = 1_000_000;

/** The file names under data/ and their whole text, from the research files' content. */
export function makeFacts(research: Research): ReadonlyMap<string, string> {
  return new Map([
    ['regions.json', regionsFile(research)],
    ['catalogue.json', catalogueFile(research)],
    ['profiles.json', profilesFile(research)],
    ['prices.json', pricesFile(research)],
  ]);
}

/** Reads the research files of one folder. */
export function loadResearch(folder: string): Research {
  const load = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  return {
    regions: load('aws-regions.json'),
    catalogue: load('bedrock-catalogue.json'),
    profiles: load('bedrock-inference-profiles.json'),
    prices: load('bedrock-prices.json'),
  };
}

function regionsFile({ regions }: Research): string {
  const rows = regions.regions.map((row) => ({
    code: row.code,
    name: row.name,
    country: row.country,
    groups: row.groups,
    optIn: row.optIn,
    bedrock: row.bedrockControlPlane === true,
  }));
  return fileText(regions, { regions: sortedBy(rows, (row) => row.code) });
}

function catalogueFile(research: Research): string {
  const { catalogue, profiles, regions } = research;
  const commercial = new Set(regions.regions.map((row) => row.code));
  const known = (codes: readonly string[] | null | undefined) =>
    (codes ?? []).filter((code) => commercial.has(code)).sort();
  const rows = catalogue.models.map((model) => {
    const profileOnlyRegions = known(model.profileOnlyRegions);
    const globalOnly =
      model.globalOnlyRegions ?? globalOnlyRegions(model.modelId, profileOnlyRegions, profiles.profiles);
    return {
      id: model.modelId,
      provider: model.provider,
      name: model.name,
      input: model.input,
      output: model.output,
      streaming: model.streaming,
      inferenceTypes: model.inferenceTypes,
      customizations: model.customizations ?? [],
      lifecycle: model.lifecycle,
      launchedOn: model.lifecycleDates?.launch ?? null,
      legacyOn: model.lifecycleDates?.legacy ?? null,
      publicExtendedAccessOn: model.lifecycleDates?.publicExtendedAccess ?? null,
      endOfLifeOn: model.lifecycleDates?.eol ?? null,
      contextTokensMax: model.contextWindow,
      outputTokensMax: model.maxOutputTokens,
      endpoints: model.endpoints,
      onDemandRegions: model.onDemandRegions === null ? null : known(model.onDemandRegions),
      profileOnlyRegions: model.profileOnlyRegions === null ? null : profileOnlyRegions,
      globalOnlyRegions: known(globalOnly),
      onDemandOrMantleRegions: known(model.onDemandOrMantleRegions),
      mantleRegions: known(model.mantleRegions),
      retentionMode: model.requiresDataRetentionMode ?? null,
      asOf: model.asOf,
    };
  });
  return fileText(catalogue, { models: sortedBy(rows, (row) => row.id) });
}

/** Source regions of which every profile of the model is a global one: no residency but "any" can use them. */
function globalOnlyRegions(
  modelId: string,
  profileOnlyRegions: readonly string[],
  profiles: readonly ResearchProfile[],
): readonly string[] {
  const own = profiles.filter((profile) => profile.model === modelId);
  return profileOnlyRegions.filter((region) => {
    const geographic = own.some((profile) => profile.destinationsBySource?.[region] !== undefined);
    const global = own.some((profile) => profile.sources?.includes(region) === true);
    return global && !geographic;
  });
}

function profilesFile({ profiles }: Research): string {
  const rows = profiles.profiles
    .filter((profile) => profile.geo !== 'us-gov')
    .map((profile) =>
      profile.geo === 'global'
        ? { id: profile.id, geo: profile.geo, modelId: profile.model, sources: profile.sources ?? null }
        : {
            id: profile.id,
            geo: profile.geo,
            modelId: profile.model,
            destinationsBySource: profile.destinationsBySource ?? null,
          },
    );
  const sets = Object.entries(profiles.destinationSets).map(([id, regions]) => ({ id, regions }));
  return fileText(profiles, {
    destinationSets: sortedBy(sets, (row) => row.id),
    profiles: sortedBy(rows, (row) => row.id),
  });
}

function pricesFile({ prices, regions }: Research): string {
  const codeByName = new Map(regions.regions.map((row) => [row.name, row.code]));
  const rows = prices.prices.flatMap((row) => priceRows(row, codeByName));
  const aliases = Object.entries(prices.samePriceAs).map(([modelId, same]) => ({
    modelId,
    samePriceAs: same,
  }));
  return fileText(prices, {
    prices: sortedBy(
      rows,
      (row) => `${row.modelId} ${row.scope} ${row.regions?.join(',') ?? row.profileId ?? row.geo ?? ''}`,
    ),
    aliases: sortedBy(aliases, (row) => row.modelId),
  });
}

/** The standard tier only; extended-access prices of legacy models count, for they are what is charged now. */
function priceRows(row: ResearchPrice, codeByName: ReadonlyMap<string, string>): readonly PriceRow[] {
  if (row.in === undefined) return [];
  if (row.tier !== 'standard' && row.tier !== 'legacy-extended-access') return [];
  const cacheWriteUsd = row.cacheWrite5m ?? row.cacheWrite30m;
  const amounts = {
    in: microUsd(row.in),
    out: row.out === null || row.out === undefined ? null : microUsd(row.out),
    ...(row.cacheRead === undefined ? {} : { cacheRead: microUsd(row.cacheRead) }),
    ...(cacheWriteUsd === undefined ? {} : { cacheWrite: microUsd(cacheWriteUsd) }),
    src: row.src,
  };
  return priceScopes(row, codeByName).map((scope) => ({ modelId: row.modelId, ...scope, ...amounts }));
}

function priceScopes(
  row: ResearchPrice,
  codeByName: ReadonlyMap<string, string>,
): readonly Pick<PriceRow, 'scope' | 'geo' | 'profileId' | 'regions'>[] {
  const [kind = '', name = ''] = row.scope.split(' ');
  if (kind === 'profile') return [{ scope: 'geo', profileId: name }];
  if (kind === 'region') return [{ scope: 'list', regions: [name] }];
  if (kind === 'list' || kind === 'global' || kind === 'in-region') return [{ scope: kind }];
  if (kind === 'geo-or-in-region') {
    const regions = row.regions === undefined ? {} : { regions: regionCodes(row.regions, codeByName) };
    return [
      { scope: 'geo', ...regions },
      { scope: 'in-region', ...regions },
    ];
  }
  const geographies = /^geo-([a-z/]+?)(-or-in-region|-or-mantle-us-east-1)?$/.exec(kind);
  if (geographies === null) return [];
  const rows = (geographies[1] ?? '').split('/').map((geo) => ({ scope: 'geo' as const, geo }));
  return geographies[2] === '-or-in-region' ? [...rows, { scope: 'in-region' as const }] : rows;
}

function regionCodes(names: string, codeByName: ReadonlyMap<string, string>): readonly string[] {
  const codes = names.split(', ').map((name) => {
    const code = codeByName.get(name);
    if (code === undefined) throw new Error(`prices name the region "${name}", which the region table lacks`);
    return code;
  });
  return codes.sort();
}

function microUsd(usd: number): number {
  return Math.round(usd * MICRO_USD_PER_USD);
}

function sortedBy<Row>(rows: readonly Row[], key: (row: Row) => string): readonly Row[] {
  return [...rows].sort((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0));
}

function fileText(file: ResearchFile, tables: Readonly<Record<string, readonly unknown[]>>): string {
  const source = typeof file.source === 'string' ? file.source : JSON.stringify(file.source);
  return factsFileText({ source, asOf: file.as_of, tables });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const [name, text] of makeFacts(loadResearch(process.argv[2] ?? join(root, '../shared/data')))) {
    writeFileSync(join(root, 'data', name), text);
    console.log(`data/${name}: ${text.length} bytes`);
  }
}
