import {
  type AvailabilityTarget,
  type CellKind,
  cellKinds,
  kindOfCell,
  kindOfTarget,
} from '#contract/availability-cells.ts';

/** A logical model and the concrete names it may be answered by. */
export interface ModelNames {
  readonly name: string;
  /** Bedrock model ids, in order of preference. */
  readonly modelIds: readonly string[];
  readonly endpoints: readonly string[];
}

export interface MatrixCell {
  readonly kind: CellKind;
  /** The last answer about it is missing: the last known good one is shown. */
  readonly stale: boolean;
  /** Accounts that serve this region disagree; the best one is shown. */
  readonly differs: boolean;
}

export interface MatrixRow {
  /** A Bedrock model id or the name of a dedicated endpoint. */
  readonly name: string;
  readonly dedicated: boolean;
  /** Cells by region; a region that lacks the row is not offered. */
  readonly cells: ReadonlyMap<string, MatrixCell>;
}

export interface MatrixSection {
  /** The logical model; undefined for what no configured model asks for. */
  readonly model: string | undefined;
  readonly rows: readonly MatrixRow[];
}

/** The matrix: configured models in their order with their candidates in order, then everything else by name. */
export function buildMatrix(
  targets: readonly AvailabilityTarget[],
  models: readonly ModelNames[],
): readonly MatrixSection[] {
  const byName = groupBy(targets, rowNameOf);
  const claimed = new Set(
    models.flatMap((model) => [...model.endpoints.map(endpointKey), ...model.modelIds]),
  );
  const sections = models.map((model) => ({
    model: model.name,
    rows: [
      ...model.endpoints.map((endpoint) => rowOf(endpointKey(endpoint), byName)),
      ...model.modelIds.map((modelId) => rowOf(modelId, byName)),
    ],
  }));
  const rest = [...byName.keys()].filter((name) => !claimed.has(name)).sort();
  if (rest.length === 0) return sections;
  return [...sections, { model: undefined, rows: rest.map((name) => rowOf(name, byName)) }];
}

/** The logical models that the targets themselves name: for a reader without the configuration. */
export function modelNamesOf(targets: readonly AvailabilityTarget[]): readonly ModelNames[] {
  const named = groupBy(targets, (target) => target.model);
  return [...named].sort(byKey).map(([name, own]) => ({
    name,
    modelIds: distinct(own.map((target) => (target.endpoint === undefined ? target.modelId : undefined))),
    endpoints: distinct(own.map((target) => target.endpoint)),
  }));
}

/** Endpoints and model ids share no name space, so a row's key says which it is. */
const endpointKey = (endpoint: string): string => `endpoint ${endpoint}`;

export function rowNameOf(target: AvailabilityTarget): string {
  if (target.endpoint !== undefined) return endpointKey(target.endpoint);
  return target.modelId ?? target.profileId ?? target.id;
}

function rowOf(key: string, byName: ReadonlyMap<string, readonly AvailabilityTarget[]>): MatrixRow {
  const dedicated = key.startsWith(endpointKey(''));
  const byRegion = groupBy(byName.get(key) ?? [], (target) => target.region);
  return {
    name: dedicated ? key.slice(endpointKey('').length) : key,
    dedicated,
    cells: new Map([...byRegion].map(([region, targets]) => [region, cellOf(targets)])),
  };
}

function cellOf(targets: readonly AvailabilityTarget[]): MatrixCell {
  const kind = kindOfCell(targets);
  const perAccount = [...groupBy(targets, (target) => target.account).values()].map(kindOfCell);
  const shown = targets.filter((target) => kindOfTarget(target) === kind);
  return {
    kind,
    stale: shown.length > 0 && shown.every((target) => target.stale),
    differs: new Set(perAccount).size > 1,
  };
}

export function groupBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key | undefined,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

const byKey = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : 1;

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}

/** The kinds that some cell of the sections shows, best first. */
export function kindsShown(sections: readonly MatrixSection[]): ReadonlySet<CellKind> {
  const shown = new Set(
    sections.flatMap(({ rows }) => rows.flatMap((row) => [...row.cells.values()])).map((cell) => cell.kind),
  );
  return new Set(cellKinds.filter((kind) => shown.has(kind)));
}
