import { type Dealing, shardsOf } from './shuffle-shards.ts';

/** A call that waits. Instants are milliseconds of one clock that never goes back. */
export interface Waiter {
  /** Unique in its line, and larger for those who came later. */
  readonly id: number;
  readonly tenant: string;
  /** What the call takes of the target, above 0, in any unit that all calls share. */
  readonly work: number;
  /** The call leaves then, if it has had no turn. */
  readonly leaveBy: number;
}

interface TenantLine {
  readonly shards: readonly number[];
  /** Who leaves first comes first. Never empty. */
  readonly waiters: readonly Waiter[];
  /** Somebody of the tenant has been waiting without a gap since then. */
  readonly since: number;
}

/**
 * Those of one lane who wait, in turn by tenant.
 *
 * Each shard has an account of the work that its tenants were given lately. A tenant's account is the lowest of its
 * shards', and a turn is written to all of them: who has taken more than others waits behind them, however often it asks,
 * and it drags only those along of whom it and its like hold every shard. The accounts outlive the wait, in constant room
 * whoever comes.
 */
export interface FairBand {
  readonly dealing: Dealing;
  /** By shard: work given to its tenants, as it stood at `accountsAt`; it fades by `ACCOUNT_FADES_MS`. */
  readonly accounts: readonly number[];
  readonly accountsAt: number;
  readonly tenants: ReadonlyMap<string, TenantLine>;
  readonly waiting: number;
}

/**
 * What was given counts for a third after this: long enough to tell who takes more than others from who came twice by
 * chance, short enough that nobody pays for an idle night.
 */
const ACCOUNT_FADES_MS = 60_000;
/**
 * Tenants whose accounts differ by less are alike, and chance makes them differ: at 1.25 those who keep to their share
 * hold each other up, at 2 who asks most gets twice a share.
 */
const ALIKE_RATIO = 1.5;
const ALIKE_CALLS = 2;
/** Fewer calls of one tenant are chance. */
const CROWD_MIN = 4;

export function emptyBand(dealing: Dealing): FairBand {
  const accounts = Array.from({ length: dealing.shards }, () => 0);
  return { dealing, accounts, accountsAt: 0, tenants: new Map(), waiting: 0 };
}

export function joinBand(band: FairBand, waiter: Waiter, at: number): FairBand {
  const before = band.tenants.get(waiter.tenant);
  const waiters = before?.waiters ?? [];
  const rank = rankIn(waiters, waiter);
  const line: TenantLine = {
    shards: before?.shards ?? shardsOf(waiter.tenant, band.dealing),
    waiters: [...waiters.slice(0, rank), waiter, ...waiters.slice(rank)],
    since: before?.since ?? at,
  };
  return { ...band, tenants: new Map(band.tenants).set(waiter.tenant, line), waiting: band.waiting + 1 };
}

/** Somebody who is not there changes nothing. */
export function leaveBand(band: FairBand, waiter: Waiter): FairBand {
  const line = band.tenants.get(waiter.tenant);
  const waiters = line?.waiters.filter(({ id }) => id !== waiter.id) ?? [];
  if (line === undefined || waiters.length === line.waiters.length) return band;
  const tenants = new Map(band.tenants);
  if (waiters.length === 0) tenants.delete(waiter.tenant);
  else tenants.set(waiter.tenant, { ...line, waiters });
  return { ...band, tenants, waiting: band.waiting - 1 };
}

/**
 * Whose turn it is: the call that leaves first, of those whose tenant was given about as little lately as any tenant that
 * waits. Who keeps to its share is never held up by others who do so too, only by time.
 */
export function headOf(band: FairBand): Waiter | undefined {
  const heads: Head[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const { shards, waiters } of band.tenants.values()) {
    const [first] = waiters;
    if (first === undefined) continue;
    const account = accountOf(band.accounts, shards);
    least = Math.min(least, account);
    heads.push({ first, account, crowds: crowds(band, waiters.length) });
  }
  let head: Head | undefined;
  for (const each of heads) {
    if (each.account > least * ALIKE_RATIO + each.first.work * ALIKE_CALLS) continue;
    if (head === undefined || comesSooner(each, head)) head = each;
  }
  return head?.first;
}

interface Head {
  readonly first: Waiter;
  readonly account: number;
  /** Most of those who wait are its tenant's: its oldest calls would come before everybody's, whatever it was given. */
  readonly crowds: boolean;
}

function comesSooner(one: Head, other: Head): boolean {
  return one.crowds === other.crowds ? comesBefore(one.first, other.first) < 0 : other.crowds;
}

function crowds({ waiting }: FairBand, ofTenant: number): boolean {
  return ofTenant >= CROWD_MIN && ofTenant > waiting - ofTenant;
}

/** The waiter has its turn: it leaves the band, and its work is written down. */
export function takeTurn(band: FairBand, waiter: Waiter, at: number): FairBand {
  const line = band.tenants.get(waiter.tenant);
  if (line === undefined) return band;
  const fading = Math.exp(Math.min(0, band.accountsAt - at) / ACCOUNT_FADES_MS);
  const accounts = band.accounts.map((account) => account * fading);
  const account = accountOf(accounts, line.shards) + waiter.work;
  // Only up to what the tenant itself has had: others of the shard do not pay for each other twice.
  for (const shard of line.shards) accounts[shard] = Math.max(accounts[shard] ?? 0, account);
  return leaveBand({ ...band, accounts, accountsAt: at }, waiter);
}

/**
 * Turns of the band before somebody of the tenant who would stand at `rank` of its own line, at the least: every other
 * tenant has as many as it.
 */
export function turnsBefore(band: FairBand, rank: number): number {
  let turns = 0;
  for (const { waiters } of band.tenants.values()) turns += Math.min(waiters.length, rank);
  return turns;
}

/** Where the waiter stands, or would, among those of its tenant. */
export function rankOf(band: FairBand, waiter: Waiter): number {
  return rankIn(band.tenants.get(waiter.tenant)?.waiters ?? [], waiter);
}

function rankIn(waiters: readonly Waiter[], waiter: Waiter): number {
  let low = 0;
  let high = waiters.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = waiters[middle];
    if (other !== undefined && comesBefore(other, waiter) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Below 0 where the one leaves before the other. */
function comesBefore(one: Waiter, other: Waiter): number {
  return one.leaveBy - other.leaveBy || one.id - other.id;
}

function accountOf(accounts: readonly number[], shards: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const shard of shards) least = Math.min(least, accounts[shard] ?? 0);
  return least;
}
