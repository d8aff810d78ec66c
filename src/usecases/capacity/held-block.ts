import { LEASE_RENEWED_MS, type Lease, leaseExpiry } from '#core/capacity/lease.ts';
import { type Amount, nothing, type SlotBlock } from '#core/capacity/slot-block.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { Lacking, LeaseDemand } from '../ports/capacity-ledger.ts';

/** A process comes for its block this often while it works: what it does not use any more is others' after this. */
export const REFRESHED_MS = 5_000;
/** A lease that is renewed stands at least until its next renewal, and a little longer. */
export const RENEWED_MS_MIN = LEASE_RENEWED_MS + 2_000;
/** Wanted beside the most that was in use lately, so that not every further call has to ask. */
const SPARE_SHARE = 0.15;

/** The block of one target as its process holds it, and the leases that calls have taken from it. */
export class HeldBlock {
  /** By id; a call that is renewed goes to the end. */
  readonly leases = new Map<string, Lease>();
  #block: (Amount & { readonly expiresAt: InstantMs }) | undefined;
  #refreshAt: InstantMs = 0;
  /** The most that was in use, or asked for in vain, in this time between two refreshes and in the last one. */
  #peak: Amount = nothing;
  #lastPeak: Amount = nothing;

  /** Of a block that is still trusted. */
  held(at: InstantMs): Amount {
    return this.#block !== undefined && at < this.#block.expiresAt ? this.#block : nothing;
  }

  get expiresAt(): InstantMs {
    return this.#block?.expiresAt ?? 0;
  }

  isDue(at: InstantMs): boolean {
    return at >= this.#refreshAt;
  }

  /** Whether a lease that is renewed now stands long enough without asking the store. */
  outlastsRenewal(at: InstantMs): boolean {
    return this.expiresAt - at >= RENEWED_MS_MIN;
  }

  inUse(): Amount {
    let kvTokens = 0;
    for (const lease of this.leases.values()) kvTokens += lease.kvTokens;
    return { slots: this.leases.size, kvTokens };
  }

  /** What was forgotten by its call is nobody's any more. */
  dropExpired(at: InstantMs): void {
    for (const [leaseId, { expiresAt }] of this.leases) if (expiresAt <= at) this.leases.delete(leaseId);
  }

  /** What a block of so much lacks for the demand and its lane; undefined where it has room. */
  lacks(demand: LeaseDemand, held: Amount): Lacking | undefined {
    const needed = this.#needed(demand);
    if (needed.slots > held.slots) return 'slots';
    return needed.kvTokens > held.kvTokens ? 'memory' : undefined;
  }

  /** How much has to be asked for, so that there is room for the demand. */
  wantsFor(demand: LeaseDemand): Amount {
    const { limit } = demand;
    return this.wants({ slots: limit.slots, kvTokens: limit.kvTokens ?? 0 }, this.#needed(demand));
  }

  /** A slot for the demand, if the block has one that its lane may take. */
  take(demand: LeaseDemand): InstantMs | undefined {
    this.#peak = larger(this.#peak, this.#needed(demand));
    return this.lacks(demand, this.held(demand.at)) === undefined ? this.lend(demand) : undefined;
  }

  /** Whatever the block holds. */
  lend({ leaseId, kvTokens, at }: LeaseDemand): InstantMs {
    const expiresAt = leaseExpiry(at);
    this.leases.set(leaseId, { expiresAt, kvTokens });
    return expiresAt;
  }

  /** False for a lease that is not there. One that grows may outgrow the block: its memory is filled already. */
  renew(leaseId: string, at: InstantMs, grownTo: number): boolean {
    const lease = this.leases.get(leaseId);
    if (lease === undefined) return false;
    this.leases.delete(leaseId);
    const kvTokens = Math.max(lease.kvTokens, grownTo);
    this.leases.set(leaseId, { expiresAt: leaseExpiry(at), kvTokens });
    if (kvTokens > lease.kvTokens) this.#peak = larger(this.#peak, this.inUse());
    return true;
  }

  /** Its calls have come to fill more than it holds: until there is more, or less, it lends nothing. */
  isOutgrown(at: InstantMs): boolean {
    return this.inUse().kvTokens > this.held(at).kvTokens;
  }

  /** How much to ask for, where a demand that found no room may be one of the reasons. */
  wants({ slots, kvTokens }: Amount, needed: Amount = nothing): Amount {
    const peak = larger(larger(this.#peak, needed), this.#lastPeak);
    const { slots: peakSlots, kvTokens: peakKvTokens } = peak;
    return {
      slots: Math.min(slots, peakSlots + Math.ceil(peakSlots * SPARE_SHARE)),
      kvTokens: Math.min(kvTokens, peakKvTokens + Math.ceil(peakKvTokens * SPARE_SHARE)),
    };
  }

  /** The clock was set back by so much: everything ends as soon from now as it did before. */
  setBack(byMs: number): void {
    if (this.#block !== undefined) this.#block = { ...this.#block, expiresAt: this.#block.expiresAt - byMs };
    this.#refreshAt -= byMs;
    for (const [leaseId, lease] of this.leases)
      this.leases.set(leaseId, { ...lease, expiresAt: lease.expiresAt - byMs });
  }

  /** Until it is known what the store made of a claim: no more than before, and no more than was claimed. */
  shrinkTo(claimed: Amount): void {
    if (this.#block === undefined) return;
    const { slots, kvTokens } = claimed;
    this.#block = {
      ...this.#block,
      slots: Math.min(this.#block.slots, slots),
      kvTokens: Math.min(this.#block.kvTokens, kvTokens),
    };
  }

  /** The store says that this is the block. */
  granted({ slots, kvTokens, expiresAt }: SlotBlock, at: InstantMs): void {
    this.#block = { slots, kvTokens, expiresAt };
    this.#refreshAt = at + REFRESHED_MS;
    this.#lastPeak = this.#peak;
    this.#peak = this.inUse();
    for (const leaseId of [...this.leases.keys()].reverse()) {
      // What calls have outgrown the block by stays counted: forgotten, it would be lent to others.
      if (this.leases.size <= slots) break;
      // More calls than slots: the youngest are told at their next renewal.
      this.leases.delete(leaseId);
    }
  }

  /** As much of the block has to be there for the demand's lane to find room: higher lanes keep their part of it. */
  #needed({ limit, kvTokens, slotsReserved }: LeaseDemand): Amount {
    const inUse = this.inUse();
    const whole = limit.slots / Math.max(1, limit.slots - slotsReserved);
    const used = { slots: inUse.slots + 1, kvTokens: inUse.kvTokens + kvTokens };
    return { slots: Math.ceil(used.slots * whole), kvTokens: Math.ceil(used.kvTokens * whole) };
  }
}

const larger = (one: Amount, other: Amount): Amount => ({
  slots: Math.max(one.slots, other.slots),
  kvTokens: Math.max(one.kvTokens, other.kvTokens),
});
