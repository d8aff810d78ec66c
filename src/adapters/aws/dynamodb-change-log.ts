/** What moved, in the observations table: one item per target and time, kept for ninety days. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { observationKeys } from '#contract/resources.ts';
import { targetStates } from '#contract/route-item.ts';
import { changeSort, observationPartition, timeToLiveAttribute } from '#contract/table-keys.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { ChangeLog } from '#usecases/ports/change-log.ts';
import { createDynamodbTable } from './dynamodb-table.ts';

const KEPT_SECONDS = 90 * 86_400;
/** What DynamoDB takes in one batch. */
const BATCH_MAX = 25;

const changeSchema = z.object({
  target: z.string(),
  from: z.enum(targetStates).optional(),
  to: z.enum(targetStates),
  reasons: z.array(z.string()),
  at: z.number(),
});

export function createDynamodbChangeLog(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
}): ChangeLog {
  const table = createDynamodbTable({ ...options, keys: observationKeys });
  return {
    async append({ account, region }, changes) {
      const items = changes.map((change) => ({
        [observationKeys.partition]: observationPartition(account, region),
        [observationKeys.sort]: changeSort(isoOfInstant(change.at), change.target),
        ...change,
        [timeToLiveAttribute]: Math.ceil(change.at / 1000) + KEPT_SECONDS,
      }));
      // Single puts: a discovery of another account may put, but not batch.
      for (let start = 0; start < items.length; start += BATCH_MAX)
        await Promise.all(items.slice(start, start + BATCH_MAX).map((item) => table.put(item)));
    },
    async load({ account, region }, limit) {
      const items = await table.query({
        partition: observationPartition(account, region),
        sortPrefix: 'change#',
        descending: true,
        limit,
      });
      return items.flatMap((item) => {
        const parsed = changeSchema.safeParse(item);
        if (!parsed.success) return [];
        const { from, ...rest } = parsed.data;
        return [{ ...rest, from }];
      });
    },
  };
}
