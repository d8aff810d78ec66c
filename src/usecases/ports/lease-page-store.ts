/**
 * Pages of leases in a store that all processes of a gateway region share: one conditional write at a time decides.
 *
 * A call that fails may have been carried out all the same, and may still be, unless it failed with `throttled`: then it
 * was not. Asking again for the same lease on the same page is safe.
 */
import type { LeasePage, LeaseRenewal, PageAdmission, SeenLease } from '#core/capacity/lease-page.ts';

export type AdmissionOutcome =
  | { readonly applied: true }
  /** The page as it stood when it refused; empty where there was none. */
  | { readonly applied: false; readonly page: LeasePage };

export interface LeasePageStore {
  /** As `admitTo` says, in one write. @throws HouseError */
  admit(key: string, admission: PageAdmission): Promise<AdmissionOutcome>;
  /** As `renewOn` says. False when the lease is not there. @throws HouseError */
  renew(key: string, leaseId: string, renewal: LeaseRenewal): Promise<boolean>;
  /** As `releaseFrom` says. `kvTokens`: 0 where only requests are limited. @throws HouseError */
  release(key: string, lease: Pick<SeenLease, 'leaseId' | 'kvTokens'>): Promise<void>;
}
