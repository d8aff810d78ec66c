/** Standing refusals of the guard, in the control partition of the region that plans. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { routeKeys } from '#contract/resources.ts';
import { controlPartition, refusalSort } from '#contract/table-keys.ts';
import type { RefusalLedger } from '#usecases/ports/refusal-ledger.ts';
import { createDynamodbTable } from './dynamodb-table.ts';

const rowSchema = z.object({
  model: z.string(),
  residency: z.string(),
  code: z.enum(['would-empty', 'vanish-share', 'data-too-old', 'residency-broken', 'schema-unknown']),
  why: z.string(),
  since: z.number(),
  runs: z.int().min(1),
});

export function createDynamodbRefusalLedger(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN of the routes table. */
  readonly table: string;
  readonly region: string;
  /** @default 2000 */
  readonly callMsMax?: number | undefined;
}): RefusalLedger {
  const { region } = options;
  const table = createDynamodbTable({ ...options, keys: routeKeys });
  const partition = controlPartition(region);
  return {
    async loadAll() {
      const items = await table.query({ partition, sortPrefix: 'refusal#' });
      return items.flatMap((item) => {
        const parsed = rowSchema.safeParse(item.refusal);
        return parsed.success ? [parsed.data] : [];
      });
    },
    async save(row) {
      await table.put({
        [routeKeys.partition]: partition,
        [routeKeys.sort]: refusalSort(row.model, row.residency),
        refusal: row,
      });
    },
    async delete(model, residency) {
      await table.delete({ partition, sort: refusalSort(model, residency) });
    },
  };
}
