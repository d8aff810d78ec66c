/** Partitions and sort keys inside the product's tables: the part of the public contract that no schema shows. */

/** Partitions of the routes table beside the models' own. A model's name begins with a letter, so none can collide. */
export const historyPartition = (model: string): string => `history#${model}`;
/** Operators' words (holds, and whatever an operation adds), written by one region, read by all. */
export const controlPartition = (region: string): string => `#control#${region}`;
/** What the gateways of one region saw on the data path; the sort key is the target id. */
export const signalPartition = (region: string): string => `#signals#${region}`;
/** What gateways of all regions found failing. Each writes and believes the items of its own region alone. */
export const healthPartition = '#health';
/** `key`: a target id, or `region:<account>/<region>` for a whole region. */
export const healthSort = (region: string, key: string): string => `${healthSortPrefix(region)}${key}`;
export const healthSortPrefix = (region: string): string => `${region}#`;

/** Orders versions as text: eight digits hold a version a minute for 190 years. */
export const historySort = (residency: string, version: number): string =>
  `${residency}#${String(version).padStart(8, '0')}`;

/** Versions of a route that are kept. */
export const HISTORY_VERSIONS_MAX = 30;

export const holdSortPrefix = 'hold#';
export const holdSort = (model: string, residency: string): string =>
  `${holdSortPrefix}${model}#${residency}`;
export const refusalSort = (model: string, residency: string): string => `refusal#${model}#${residency}`;

/** A target that operators of a region switched off. */
export const disabledSort = (target: string): string => `${disabledSortPrefix}${target}`;
export const disabledSortPrefix = 'disabled#';
/** Of the key of a word that disables. */
export const targetOfSort = (sort: string): string => sort.slice(disabledSortPrefix.length);
/** Orders of operators, written before they are carried out, by the region that took them. */
export const auditPartition = (region: string): string => `#audit#${region}`;
export const auditSort = (time: string, id: string): string => `${time}#${id}`;

/** Partition of one account and region in the observations table, and its items. */
export const observationPartition = (account: string, region: string): string => `${account}#${region}`;
export const observationItems = { targets: 'targets', heartbeat: 'heartbeat' } as const;
/** `change#<ISO time>#<target id>`: what moved, in order of time. */
export const changeSort = (time: string, target: string): string => `change#${time}#${target}`;

/** Every change from a time on. No time begins with `~`; heartbeats and reports stand behind it. */
export const changeSortsFrom = (time: string): { readonly sortFrom: string; readonly sortTo: string } => ({
  sortFrom: `change#${time}`,
  sortTo: 'change#~',
});

/** Undefined for what is no sort key of a change. */
export function parseChangeSort(sort: string): { readonly at: number; readonly target: string } | undefined {
  const [, time = '', target = ''] = /^change#([^#]+)#(.+)$/.exec(sort) ?? [];
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : { at, target };
}

/** Verify's own partition of the observations table; the sort key is the target id, or the day's spending. */
export const verificationPartition = '#verification';
export const spendingSort = '#spending';

/** An API key in its tenant's partition of the tenants table: two places for each label, so that no third can stand. */
export const keySort = (label: string, slot: 1 | 2): string => `${keySortPrefix}${label}#${slot}`;
/** Other kinds of items may come to the table; readers of keys leave them alone. */
export const keySortPrefix = 'key#';

/** Items of a tenant in the ledger of one gateway region: what is left of its requests and tokens. */
export const ledgerItems = { rates: 'rates' } as const;

/**
 * Items of a page (`<target>#<page>`) and of a target's blocks in the capacity table of one gateway region; and beside
 * them what was learned of a tenant's calls, one of its chains, and which sleeping targets have woken. A shape that others
 * cannot read gets another name.
 */
export const capacityItems = {
  leases: 'leases',
  blocks: 'blocks',
  learned: 'learned-1',
  chain: 'chain-1',
  terms: 'terms-1',
  awake: 'awake-1',
} as const;
export const learnedPartition = (tenant: string): string => `#learned#${tenant}`;
export const chainPartition = (tenant: string, traceId: string): string => `#chain#${tenant}#${traceId}`;
export const awakePartition = '#awake';

/** Seconds since the epoch after which an item is garbage. Readers never trust it: expiry is judged by content. */
export const timeToLiveAttribute = 'expiresAt';
