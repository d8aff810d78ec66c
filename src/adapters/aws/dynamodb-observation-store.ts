/** What discovery learned, in DynamoDB: one report and one heartbeat per account and region. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { observationKeys } from '#contract/resources.ts';
import { observationItems, observationPartition } from '#contract/table-keys.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { createPauses } from '#usecases/gateway/pauses.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import { systemClock } from '../system/system-clock.ts';
import { packHistory, unpackHistory } from './change-item.ts';
import { createDynamodbTable, type DynamodbTable, type TableItem } from './dynamodb-table.ts';
import {
  mergeReport,
  observationSchemaVersion,
  packTargets,
  type StoredReport,
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
  return new DynamodbObservationStore(options);
}

type Place = DynamodbObservationStoreOptions['places'][number];

interface PlaceItems {
  readonly report: TableItem | undefined;
  readonly heartbeat: TableItem | undefined;
}

class DynamodbObservationStore implements ObservationStore {
  private readonly table: DynamodbTable;
  private readonly places: readonly Place[];
  /** Unpacked reports, so that a plan over hundreds of regions unpacks only what changed since the last one. */
  private readonly unpacked = new Map<string, Unpacked>();

  constructor({ client, table, places, callMsMax }: DynamodbObservationStoreOptions) {
    this.table = createDynamodbTable({ client, table, keys: observationKeys, callMsMax });
    this.places = places;
  }

  async load(account: string, region: string): Promise<RegionObservations | undefined> {
    const items = await this.table.query({
      partition: observationPartition(account, region),
      sortFrom: observationItems.heartbeat,
    });
    const find = (sort: string) => items.find((item) => item[observationKeys.sort] === sort);
    const { targets, heartbeat } = observationItems;
    try {
      return this.read({ account, region }, { report: find(targets), heartbeat: find(heartbeat) });
    } catch (cause) {
      // Not "never reported": a run that believed so would forget what was known, and how often it was absent.
      throw houseError('answer_malformed', {
        message: `the report of account ${account} in ${region} cannot be read`,
        facts: { operation: 'load', errorName: 'BadItem' },
        cause,
      });
    }
  }

  async loadAll() {
    const { targets, heartbeat } = observationItems;
    const items = await this.table.getMany(
      this.places.flatMap(({ account, region }) =>
        [targets, heartbeat].map((sort) => ({ partition: observationPartition(account, region), sort })),
      ),
    );
    const byKey = new Map(
      items.map((item) => [`${item[observationKeys.partition]}/${item[observationKeys.sort]}`, item]),
    );
    const regions: RegionObservations[] = [];
    let badItems = 0;
    const pause = createPauses(systemClock);
    for (const place of this.places) {
      const find = (sort: string) =>
        byKey.get(`${observationPartition(place.account, place.region)}/${sort}`);
      try {
        const read = this.read(place, { report: find(targets), heartbeat: find(heartbeat) });
        if (read !== undefined) regions.push(read);
      } catch {
        badItems += 1;
      }
      // A gateway answers requests meanwhile, and hundreds of reports take half a second to unpack.
      await pause();
    }
    return { regions, badItems };
  }

  async save(observations: RegionObservations): Promise<boolean> {
    const { account, region, at, failures, completeAt, quotas, targets, history } = observations;
    const { written } = await this.table.put(
      {
        [observationKeys.partition]: observationPartition(account, region),
        [observationKeys.sort]: observationItems.targets,
        schema: observationSchemaVersion,
        at,
        failures: [...failures],
        completeAt,
        quotas,
        ...packHistory(history),
        body: packTargets(targets),
      },
      notNewer(at),
    );
    return written;
  }

  async saveHeartbeat(heartbeat: Parameters<ObservationStore['saveHeartbeat']>[0]): Promise<void> {
    const { account, region, at, failures, completeAt } = heartbeat;
    await this.table.put(
      {
        [observationKeys.partition]: observationPartition(account, region),
        [observationKeys.sort]: observationItems.heartbeat,
        at,
        failures: [...failures],
        completeAt,
      },
      notNewer(at),
    );
  }

  /** @throws an error of zod, zlib or JSON for a report that is none of ours */
  private read(place: Place, items: PlaceItems): RegionObservations | undefined {
    if (items.report === undefined) return undefined;
    const report = storedReport.parse(items.report);
    const heartbeat = storedHeartbeat.safeParse(items.heartbeat);
    return mergeReport({
      ...place,
      targets: this.targetsOf(place, report),
      report,
      heartbeat: heartbeat.success ? heartbeat.data : undefined,
      history: unpackHistory(report, place),
    });
  }

  private targetsOf(place: Place, { at, body }: StoredReport): readonly Observation[] {
    const key = observationPartition(place.account, place.region);
    const bytes = body.byteLength;
    const known = this.unpacked.get(key);
    if (known !== undefined && known.at === at && known.bytes === bytes) return known.targets;
    const targets = unpackTargets(body, place);
    this.unpacked.set(key, { at, bytes, targets });
    return targets;
  }
}

function notNewer(at: number) {
  return {
    expression: 'attribute_not_exists(#at) OR #at <= :at',
    names: { '#at': 'at' },
    values: { ':at': at },
  };
}
