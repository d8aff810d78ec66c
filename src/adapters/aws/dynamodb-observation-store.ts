/** What discovery learned, in DynamoDB: one report and one heartbeat per account and region. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { observationKeys } from '#contract/resources.ts';
import { observationItems, observationPartition } from '#contract/table-keys.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import { createDynamodbTable, type TableItem } from './dynamodb-table.ts';
import {
  mergeReport,
  observationSchemaVersion,
  packTargets,
  storedHeartbeat,
  storedReport,
  unpackTargets,
} from './observation-item.ts';

export interface DynamodbObservationStoreOptions {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** Every observed place of the configuration: `loadAll` asks for these. */
  readonly places: readonly { readonly account: string; readonly region: string }[];
  /** @default 5000 */
  readonly callMsMax?: number | undefined;
}

interface Unpacked {
  readonly at: number;
  readonly bytes: number;
  readonly targets: readonly Observation[];
}

export function createDynamodbObservationStore(options: DynamodbObservationStoreOptions): ObservationStore {
  const { client, table: tableName, places, callMsMax } = options;
  const table = createDynamodbTable({ client, table: tableName, keys: observationKeys, callMsMax });
  /** Unpacked reports, so that a plan over hundreds of regions unpacks only what changed since the last one. */
  const unpacked = new Map<string, Unpacked>();

  const read = (
    place: { readonly account: string; readonly region: string },
    items: { readonly report: TableItem | undefined; readonly heartbeat: TableItem | undefined },
  ): RegionObservations | undefined => {
    if (items.report === undefined) return undefined;
    const report = storedReport.parse(items.report);
    const heartbeat = storedHeartbeat.safeParse(items.heartbeat);
    const key = observationPartition(place.account, place.region);
    const bytes = report.body.byteLength;
    let known = unpacked.get(key);
    if (known === undefined || known.at !== report.at || known.bytes !== bytes) {
      known = { at: report.at, bytes, targets: unpackTargets(report.body, place) };
      unpacked.set(key, known);
    }
    return mergeReport({
      ...place,
      targets: known.targets,
      report,
      heartbeat: heartbeat.success ? heartbeat.data : undefined,
    });
  };

  return {
    async load(account, region) {
      const items = await table.query({
        partition: observationPartition(account, region),
        sortFrom: observationItems.heartbeat,
      });
      const find = (sort: string) => items.find((item) => item[observationKeys.sort] === sort);
      try {
        return read(
          { account, region },
          { report: find(observationItems.targets), heartbeat: find(observationItems.heartbeat) },
        );
      } catch (cause) {
        // Not "never reported": a run that believed so would forget what was known, and how often it was absent.
        throw houseError('answer_malformed', {
          message: `the report of account ${account} in ${region} cannot be read`,
          facts: { operation: 'load', errorName: 'BadItem' },
          cause,
        });
      }
    },

    async loadAll() {
      const sorts = [observationItems.targets, observationItems.heartbeat];
      const items = await table.getMany(
        places.flatMap(({ account, region }) =>
          sorts.map((sort) => ({ partition: observationPartition(account, region), sort })),
        ),
      );
      const byKey = new Map(
        items.map((item) => [`${item[observationKeys.partition]}/${item[observationKeys.sort]}`, item]),
      );
      let badItems = 0;
      const regions = places.flatMap((place) => {
        const key = observationPartition(place.account, place.region);
        const find = (sort: string) => byKey.get(`${key}/${sort}`);
        try {
          const report = read(place, {
            report: find(observationItems.targets),
            heartbeat: find(observationItems.heartbeat),
          });
          return report === undefined ? [] : [report];
        } catch {
          badItems += 1;
          return [];
        }
      });
      return { regions, badItems };
    },

    async save(observations) {
      const { account, region, at, failures, completeAt, targets } = observations;
      const { written } = await table.put(
        {
          [observationKeys.partition]: observationPartition(account, region),
          [observationKeys.sort]: observationItems.targets,
          schema: observationSchemaVersion,
          at,
          failures: [...failures],
          completeAt,
          body: packTargets(targets),
        },
        notNewer(at),
      );
      return written;
    },

    async saveHeartbeat({ account, region, at, failures, completeAt }) {
      await table.put(
        {
          [observationKeys.partition]: observationPartition(account, region),
          [observationKeys.sort]: observationItems.heartbeat,
          at,
          failures: [...failures],
          completeAt,
        },
        notNewer(at),
      );
    },
  };
}

function notNewer(at: number) {
  return {
    expression: 'attribute_not_exists(#at) OR #at <= :at',
    names: { '#at': 'at' },
    values: { ':at': at },
  };
}
