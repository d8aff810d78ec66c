/** Proofs of targets and the day's spending, in one partition of the observations table that verify alone writes. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { observationKeys } from '#contract/resources.ts';
import { spendingSort, timeToLiveAttribute, verificationPartition } from '#contract/table-keys.ts';
import type { VerificationStore } from '#usecases/ports/verification-store.ts';
import { createDynamodbTable } from './dynamodb-table.ts';

const proofSchema = z.object({
  target: z.string().min(1),
  at: z.number(),
  outcome: z.enum(['answered', 'refused', 'inconclusive']),
  errorName: z.string().optional(),
  answeringSince: z.number().optional(),
  refusals: z.int().min(0),
});

const spendingSchema = z.object({ day: z.string(), microUsd: z.number(), probes: z.int().min(0) });

/** Targets are proved daily; a proof that nobody renewed belongs to a target that is gone. */
const KEPT_SECONDS = 30 * 86_400;

export function createDynamodbVerificationStore(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN of the observations table. */
  readonly table: string;
  /** @default 2000 */
  readonly callMsMax?: number | undefined;
}): VerificationStore {
  const table = createDynamodbTable({ ...options, keys: observationKeys });
  const key = (sort: string) => ({
    [observationKeys.partition]: verificationPartition,
    [observationKeys.sort]: sort,
  });
  return {
    async loadAll() {
      const items = await table.query({ partition: verificationPartition });
      return items.flatMap((item) => {
        const parsed = proofSchema.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      });
    },
    async save(proof) {
      const expiresAt = Math.ceil(proof.at / 1000) + KEPT_SECONDS;
      await table.put({ ...key(proof.target), ...proof, [timeToLiveAttribute]: expiresAt });
    },
    async loadSpending() {
      const item = await table.get({ partition: verificationPartition, sort: spendingSort });
      const parsed = spendingSchema.safeParse(item);
      return parsed.success ? parsed.data : undefined;
    },
    async saveSpending(spending) {
      await table.put({ ...key(spendingSort), ...spending });
    },
  };
}
