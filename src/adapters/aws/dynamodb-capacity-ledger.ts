/**
 * Slots as leases on pages of the capacity table, or as blocks of it: for processes that share them with others of their
 * gateway region, and whose clocks the table's own is there to judge.
 */
import {
  type BlockCapacityLedgerOptions,
  createBlockCapacityLedger,
} from '#usecases/capacity/block-capacity-ledger.ts';
import { ClockCheck } from '#usecases/capacity/clock-check.ts';
import {
  createPagedCapacityLedger,
  type PagedCapacityLedgerOptions,
} from '#usecases/capacity/paged-capacity-ledger.ts';
import type { CapacityLedger } from '#usecases/ports/capacity-ledger.ts';
import type { ConditionalItemsOptions } from './conditional-items.ts';
import { createDynamodbBlockStore } from './dynamodb-block-store.ts';
import { createDynamodbLeasePageStore } from './dynamodb-lease-page-store.ts';

type OnTable<Options> = Omit<ConditionalItemsOptions, 'clockCheck'> & Omit<Options, 'store' | 'clockCheck'>;

export type DynamodbCapacityLedgerOptions = OnTable<PagedCapacityLedgerOptions>;

export function createDynamodbCapacityLedger(options: DynamodbCapacityLedgerOptions): CapacityLedger {
  const checked = { ...options, clockCheck: new ClockCheck(options) };
  return createPagedCapacityLedger({ ...checked, store: createDynamodbLeasePageStore(checked) });
}

export function createDynamodbBlockLedger(options: OnTable<BlockCapacityLedgerOptions>): CapacityLedger {
  const checked = { ...options, clockCheck: new ClockCheck(options) };
  return createBlockCapacityLedger({ ...checked, store: createDynamodbBlockStore(checked) });
}
