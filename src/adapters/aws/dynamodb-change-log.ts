/** What moved, in the observations table: one item per target and time, kept for ninety days. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { observationKeys } from '#contract/resources.ts';
import {
  changeSort,
  changeSortsFrom,
  observationPartition,
  parseChangeSort,
  timeToLiveAttribute,
} from '#contract/table-keys.ts';
import { CHANGES_KEPT_MS } from '#core/discovery/kept-changes.ts';
import type { ObservationChange } from '#core/discovery/observation.ts';
import type { UnreadableChange } from '#core/discovery/rewind.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { ChangeLog, LoggedChanges } from '#usecases/ports/change-log.ts';
import { changeAttributes, readChange } from './change-item.ts';
import { createDynamodbTable, type TableItem } from './dynamodb-table.ts';

/** Puts under way at a time. */
const BATCH_MAX = 25;

export interface DynamodbChangeLogOptions {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** @default 2000 */
  readonly callMsMax?: number | undefined;
}

export function createDynamodbChangeLog(options: DynamodbChangeLogOptions): ChangeLog {
  const table = createDynamodbTable({ ...options, keys: observationKeys });
  return {
    async append({ account, region }, changes) {
      const items = changes.map((change) => ({
        [observationKeys.partition]: observationPartition(account, region),
        [observationKeys.sort]: changeSort(isoOfInstant(change.at), change.target),
        ...changeAttributes(change),
        [timeToLiveAttribute]: Math.ceil((change.at + CHANGES_KEPT_MS) / 1000),
      }));
      // Single puts: a discovery of another account may put, but not batch.
      for (let start = 0; start < items.length; start += BATCH_MAX)
        await Promise.all(items.slice(start, start + BATCH_MAX).map((item) => table.put(item)));
    },
    async load(place, { since, limit }) {
      const items = await table.query({
        partition: observationPartition(place.account, place.region),
        ...changeSortsFrom(isoOfInstant(since)),
        descending: true,
        limit: limit + 1,
      });
      const read = readItems(items.slice(0, limit), place);
      return { ...read, whole: items.length <= limit };
    },
  };
}

function readItems(
  items: readonly TableItem[],
  place: { readonly account: string; readonly region: string },
): Omit<LoggedChanges, 'whole'> {
  const changes: ObservationChange[] = [];
  const unreadable: UnreadableChange[] = [];
  let badItems = 0;
  for (const item of items) {
    const key = parseChangeSort(String(item[observationKeys.sort]));
    try {
      const change = readChange(item, place);
      // Who wrote another time or target than the key's wrote none of ours.
      if (change.at !== key?.at || change.target !== key.target) throw new Error('key and item differ');
      changes.push(change);
    } catch {
      badItems += 1;
      if (key !== undefined) unreadable.push(key);
    }
  }
  return { changes, unreadable, badItems };
}
