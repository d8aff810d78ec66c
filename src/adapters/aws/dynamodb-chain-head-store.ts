/** The head of one chain as one item, which moves by conditional writes alone. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { auditKeys } from '#contract/resources.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { ChainHeadStore } from '#usecases/ports/chain-head-store.ts';
import { createDynamodbTable } from './dynamodb-table.ts';

const headSchema = z.object({
  sequence: z.int().min(1),
  hash: z.string(),
  segment: z.int().min(1),
});

const ITEM = 'head';
/** Of one call: nobody waits for a sealer but the records behind it. */
const CALL_MS_MAX = 10_000;

export function createDynamodbChainHeadStore(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN of the audit table. */
  readonly table: string;
  readonly chain: string;
}): ChainHeadStore {
  const { client, chain } = options;
  const table = createDynamodbTable({
    client,
    table: options.table,
    keys: auditKeys,
    callMsMax: CALL_MS_MAX,
  });
  return {
    async load() {
      const item = await table.get({ partition: chain, sort: ITEM });
      if (item === undefined) return undefined;
      const parsed = headSchema.safeParse(item);
      if (parsed.success) return parsed.data;
      const message = `the head of the audit chain ${chain} cannot be read: ${parsed.error.message}`;
      throw houseError('answer_malformed', { message, facts: { operation: 'GetItem' } });
    },
    async move(from, to) {
      const item = { [auditKeys.partition]: chain, [auditKeys.sort]: ITEM, ...to };
      const condition =
        from.sequence === 0
          ? { expression: 'attribute_not_exists(#item)', names: { '#item': auditKeys.sort } }
          : {
              expression: '#sequence = :sequence AND #hash = :hash',
              names: { '#sequence': 'sequence', '#hash': 'hash' },
              values: { ':sequence': from.sequence, ':hash': from.hash },
            };
      const { written } = await table.put(item, condition);
      return written;
    },
  };
}
