import { type KeyRecord, keySlotId } from '#core/keys/key-record.ts';
import type { KeyRead } from '../ports/key-store.ts';

/** The keys of the table in memory, by id, kept up to date by whole reads and by reads of what changed. */
export interface KeyCopy {
  find(keyId: string): KeyRecord | undefined;
  readonly records: readonly KeyRecord[];
  /** Items that open nothing, each with the reason, for operators; sorted. */
  readonly bad: readonly string[];
  /** Takes a read over; `whole` when nothing else stands in the table. True when some key opens something else now. */
  take(read: KeyRead, whole: boolean): boolean;
}

/** @param problemOf why a key of the right shape opens nothing here; undefined where it may */
export function createKeyCopy(problemOf: (record: KeyRecord) => string | undefined): KeyCopy {
  let bySlot: ReadonlyMap<string, KeyRecord> = new Map();
  let byId: ReadonlyMap<string, KeyRecord> = new Map();
  let problems: ReadonlyMap<string, string> = new Map();
  return {
    find: (keyId) => byId.get(keyId),
    get records() {
      return [...byId.values()];
    },
    get bad() {
      return [...problems].map(([slot, problem]) => `${slot}: ${problem}`).sort();
    },
    take(read, whole) {
      const slots = new Map(whole ? [] : bySlot);
      const bad = new Map(whole ? [] : problems);
      for (const slot of read.bad) {
        // What stood there before it was spoilt is not served either.
        slots.delete(slot);
        bad.set(slot, 'not of the shape of a key');
      }
      for (const record of read.keys) {
        const slot = keySlotId(record);
        const problem = problemOf(record);
        slots.set(slot, stillClosed(record, byId));
        if (problem === undefined) bad.delete(slot);
        else bad.set(slot, problem);
      }
      const before = byId;
      bySlot = slots;
      problems = bad;
      byId = new Map([...slots.values()].map((record) => [record.keyId, record]));
      return !isSame(before, byId);
    },
  };
}

/** A read may come from a replica node that lags: what was revoked once stays so, since a key id is never used again. */
function stillClosed(record: KeyRecord, before: ReadonlyMap<string, KeyRecord>): KeyRecord {
  const revokedAt = record.revokedAt ?? before.get(record.keyId)?.revokedAt;
  return revokedAt === undefined ? record : { ...record, revokedAt };
}

/** Compared by what a key may change in: cheaper than text, for this runs every few seconds over all keys. */
function isSame(left: ReadonlyMap<string, KeyRecord>, right: ReadonlyMap<string, KeyRecord>): boolean {
  if (left.size !== right.size) return false;
  for (const [keyId, record] of left) {
    const other = right.get(keyId);
    if (other === record) continue;
    const same =
      other !== undefined &&
      other.hash === record.hash &&
      other.tenant === record.tenant &&
      other.expiresAt === record.expiresAt &&
      other.revokedAt === record.revokedAt &&
      String(other.residencies) === String(record.residencies) &&
      String(other.models) === String(record.models);
    if (!same) return false;
  }
  return true;
}
