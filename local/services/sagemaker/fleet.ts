import type { Capacity } from './capacity.ts';
import type { Inventory } from './inventory.ts';

/** The resources that were made, and how many copies of each serve. */
export interface Fleet {
  readonly inventory: Inventory;
  readonly capacity: Capacity;
}
