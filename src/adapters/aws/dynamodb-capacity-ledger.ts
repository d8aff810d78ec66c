/** Slots as leases on pages of the capacity table: for processes that share them with others of their gateway region. */
import {
  createPagedCapacityLedger,
  type PagedCapacityLedgerOptions,
} from '#usecases/capacity/paged-capacity-ledger.ts';
import type { CapacityLedger } from '#usecases/ports/capacity-ledger.ts';
import {
  createDynamodbLeasePageStore,
  type DynamodbLeasePageStoreOptions,
} from './dynamodb-lease-page-store.ts';

export type DynamodbCapacityLedgerOptions = DynamodbLeasePageStoreOptions &
  Omit<PagedCapacityLedgerOptions, 'store'>;

export function createDynamodbCapacityLedger(options: DynamodbCapacityLedgerOptions): CapacityLedger {
  return createPagedCapacityLedger({ ...options, store: createDynamodbLeasePageStore(options) });
}
