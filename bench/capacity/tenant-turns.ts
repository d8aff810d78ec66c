/** Tenants who wait for the slots of one target in one process, by the line that ships, in made time. */
import { isHopeless } from '#core/queue/wait-bound.ts';
import {
  emptyLine,
  grantTurn,
  joinLine,
  type LineSettings,
  leaveLine,
  nextTurn,
} from '#core/queue/waiting-line.ts';
import { createSeededRandom } from '#core/units/random.ts';

/** Mean length of a call. */
const CALL_MS = 5000;

/** Calls give up after so long: more than anybody waits who keeps to its share. */
const PATIENCE_MS = 50_000;

export interface TenantWorld {
  readonly settings: LineSettings;
  readonly slots: number;
  /** By tenant: calls under way if none had to wait. */
  readonly offeredErlangs: ReadonlyMap<string, number>;
  readonly calls: number;
  readonly seed: number;
  /** Puts all calls into the line as if one tenant's. */
  readonly tenantsUnknown: boolean;
}

/** What the calls of each tenant waited, in milliseconds, where a call lasts 5 s in the mean. */
export function waitsOfTenants(world: TenantWorld): ReadonlyMap<string, readonly number[]> {
  const { settings, slots, calls } = world;
  const random = createSeededRandom(world.seed);
  const tenants = [...world.offeredErlangs];
  const offered = tenants.reduce((sum, [, erlangs]) => sum + erlangs, 0);
  const waits = new Map(tenants.map(([tenant]) => [tenant, [] as number[]]));
  /** By call: whose it is, and when it joined. */
  const joined = new Map<number, { readonly tenant: string; readonly at: number }>();
  let line = emptyLine(settings);
  let busy = 0;
  let now = 0;
  const giveTurns = (): void => {
    for (let turn = nextTurn(line); turn !== undefined && busy < slots; turn = nextTurn(line)) {
      if (turn.waiter.leaveBy <= now) {
        line = leaveLine(line, turn.lane, turn.waiter);
        joined.delete(turn.waiter.id);
        continue;
      }
      busy += 1;
      line = grantTurn(line, turn, now);
      const { id } = turn.waiter;
      const call = joined.get(id);
      if (id >= 0 && call !== undefined) waits.get(call.tenant)?.push(now - call.at);
      joined.delete(id);
    }
  };
  for (let call = -Math.floor(calls / 10); call < calls; ) {
    const rate = offered + busy;
    now -= (Math.log(1 - random.next()) * CALL_MS) / rate;
    if (random.next() * rate < busy) {
      busy -= 1;
    } else {
      const tenant = tenantAt(tenants, random.next() * offered);
      const known = world.tenantsUnknown ? 'everybody' : tenant;
      const waiter = { id: call, tenant: known, work: 1, leaveBy: now + PATIENCE_MS };
      if (!isHopeless(line, { lane: 'interactive', waiter }, now)) {
        joined.set(call, { tenant, at: now });
        line = joinLine(line, { lane: 'interactive', waiter, at: now });
      }
      call += 1;
    }
    giveTurns();
  }
  return waits;
}

function tenantAt(tenants: readonly (readonly [string, number])[], point: number): string {
  let left = point;
  for (const [tenant, erlangs] of tenants) {
    left -= erlangs;
    if (left < 0) return tenant;
  }
  return tenants.at(-1)?.[0] ?? '';
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
