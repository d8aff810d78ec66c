/** Items of the product's tables as others leave them there: a stranger, an hour that has passed, a dispatcher that died. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { batchOwner, chunkItem } from '#adapters/aws/batch-items.ts';
import { createDynamodbRefusalLedger } from '#adapters/aws/dynamodb-refusal-ledger.ts';
import { createDynamodbTable } from '#adapters/aws/dynamodb-table.ts';
import { batchKeys, observationKeys, tableName } from '#contract/resources.ts';
import { observationItems, observationPartition } from '#contract/table-keys.ts';
import { pages } from '#core/plan/guard.ts';
import { localCredentials } from '#runtime/local-account.ts';

const HOUR_MS = 3_600_000;

export interface PlantedItems {
  /** A report that no version of ours reads, younger than any that discovery will write: it stays. */
  unreadableReport(region: string): Promise<void>;
  /** Dates the refusals of the guard that stand back by an hour. Answers whether one has stood so long for three runs. */
  anHourLater(): Promise<boolean>;
  /** Takes the first chunk of a batch and dies in the middle of its first line. False while another has it. */
  deadDispatcher(batch: string): Promise<boolean>;
  close(): void;
}

export function openPlantedItems(place: {
  readonly awsUrl: string;
  readonly deployment: string;
  readonly account: string;
  readonly region: string;
}): PlantedItems {
  const { awsUrl, deployment, account, region } = place;
  const client = new DynamoDBClient({ endpoint: awsUrl, region, credentials: localCredentials(account) });
  const named = (kind: 'routes' | 'observations' | 'batches') => ({
    ...{ client, table: tableName(deployment, kind) },
  });
  const observations = createDynamodbTable({ ...named('observations'), keys: observationKeys });
  const batches = createDynamodbTable({ ...named('batches'), keys: batchKeys });
  const refusals = createDynamodbRefusalLedger({ ...named('routes'), region });
  return {
    async unreadableReport(observed) {
      await observations.put({
        [observationKeys.partition]: observationPartition(account, observed),
        [observationKeys.sort]: observationItems.targets,
        ...{ at: Date.now() + HOUR_MS, schema: 'of a stranger' },
      });
    },
    async anHourLater() {
      const rows = await refusals.loadAll();
      const at = Date.now();
      // A run of plan that began before may write the row again as it was.
      for (const row of rows)
        if (row.since > at - HOUR_MS / 2) await refusals.save({ ...row, since: at - HOUR_MS });
      return rows.some((row) => pages(row, at));
    },
    async deadDispatcher(batch) {
      const key = { partition: batchOwner(batch), sort: chunkItem(0) };
      const chunk = await batches.get(key);
      if (chunk === undefined || chunk.holder !== undefined) return false;
      const { revision } = chunk;
      const dead = { holder: 'dead', begun: [0], leaseUntil: Date.now() - HOUR_MS };
      const { written } = await batches.put(
        { ...chunk, ...dead, revision: Number(revision) + 1 },
        {
          expression: '#revision = :revision',
          names: { '#revision': 'revision' },
          values: { ':revision': revision },
        },
      );
      return written;
    },
    close: () => client.destroy(),
  };
}
