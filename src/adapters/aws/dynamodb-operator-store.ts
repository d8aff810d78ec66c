/**
 * Operators' words in the routing table, and the audit of them.
 *
 *     model               residency               what
 *     #control#<region>   disabled#<target id>    a target that is not to be called, written by that region
 *     #audit#<region>     <ISO time>#<id>         one order, written before it was carried out; kept for good
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readDisabledTarget } from '#contract/disabled-item.ts';
import { routeKeys } from '#contract/resources.ts';
import {
  auditPartition,
  auditSort,
  controlPartition,
  disabledSort,
  disabledSortPrefix,
  targetOfSort,
  timeToLiveAttribute,
} from '#contract/table-keys.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { OperatorStore } from '#usecases/ports/operator-store.ts';
import { createDynamodbTable } from './dynamodb-table.ts';

/** Garbage collection only: whether it holds is judged by its own end. */
const DISABLED_KEPT_SECONDS = 7 * 86_400;

export function createDynamodbOperatorStore(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** The region whose items this process writes. */
  readonly region: string;
  /** Regions whose control items are read. */
  readonly regions: readonly string[];
  /** @default true */
  readonly consistentReads?: boolean | undefined;
  /** @default 5000 */
  readonly callMsMax?: number | undefined;
}): OperatorStore {
  const { region } = options;
  const table = createDynamodbTable({ ...options, keys: routeKeys });
  const regions = [...new Set([region, ...options.regions])];
  return {
    region,
    async appendAudit(entry) {
      const { written } = await table.put(
        {
          [routeKeys.partition]: auditPartition(region),
          [routeKeys.sort]: auditSort(entry.at, entry.id),
          ...entry,
        },
        { expression: 'attribute_not_exists(#key)', names: { '#key': routeKeys.partition } },
      );
      if (!written)
        throw houseError('condition_lost', {
          message: `there is an audit entry ${entry.id} of ${entry.at} already`,
        });
    },
    async loadDisabled() {
      const pages = await Promise.all(
        regions.map(async (each) => {
          const partition = controlPartition(each);
          const items = await table.query({ partition, sortPrefix: disabledSortPrefix });
          return items.map((item) => ({ item, region: each }));
        }),
      );
      return pages.flat().map(({ item, region: each }) => {
        const target = targetOfSort(String(item[routeKeys.sort]));
        return { ...readDisabledTarget(item.disabled, target), region: each };
      });
    },
    async saveDisabled(entry) {
      await table.put({
        [routeKeys.partition]: controlPartition(region),
        [routeKeys.sort]: disabledSort(entry.target),
        disabled: { ...entry },
        [timeToLiveAttribute]: Math.ceil(Date.parse(entry.until) / 1000) + DISABLED_KEPT_SECONDS,
      });
    },
  };
}
