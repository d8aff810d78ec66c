/** What the tables and buckets of a deployed fleet hold, item by item, and what of it is gone or lost something later. */
import { isDeepStrictEqual } from 'node:util';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { timeToLiveAttribute } from '#contract/table-keys.ts';
import type { DeployedFleet } from './deployed-fleet.ts';

type Item = Readonly<Record<string, unknown>>;

/** Items of tables and objects of buckets, by where they stand: `acme-routes in us-east-1: chat-large | eu`. */
export type FleetState = ReadonlyMap<string, Item>;

export async function readState(fleet: DeployedFleet): Promise<FleetState> {
  const state = new Map<string, Item>();
  for (const { place, resources } of fleet.deployment.stacks.values()) {
    for (const { definition, made, request } of resources.values()) {
      const name = `${made.physicalId} in ${place.region}`;
      if (definition.type === 'AWS::S3::Bucket') {
        const listed = await fleet.cloud.clients
          .s3(place)
          .send(new ListObjectsV2Command({ Bucket: made.physicalId }));
        for (const { Key = '', Size, ETag } of listed.Contents ?? [])
          state.set(`${name}: ${Key}`, { Size, ETag });
      }
      if (definition.type !== 'AWS::DynamoDB::GlobalTable') continue;
      const keys = (request.properties.KeySchema as { AttributeName: string }[]).map(
        (key) => key.AttributeName,
      );
      for (const item of await scanned(fleet, place, made.physicalId)) {
        state.set(`${name}: ${keys.map((key) => String(item[key])).join(' | ')}`, item);
      }
    }
  }
  return state;
}

async function scanned(
  { cloud }: DeployedFleet,
  place: { readonly account: string; readonly region: string },
  TableName: string,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await cloud.clients
      .dynamodb(place)
      .send(new ScanCommand({ TableName, ...(start === undefined ? {} : { ExclusiveStartKey: start }) }));
    items.push(...Items.map((item) => unmarshall(item)));
    start = LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** What nobody but its maker may ever change: keys, operators' words and their audit, versions that stood, objects. */
const isFixed = (place: string): boolean =>
  /-tenants in |: history#|: #audit#|: #control#[a-z0-9-]+ \| (hold|disabled)#|-audit-\d|-batches-\d/.test(
    place,
  );

/** What a dispatcher lays down on its way, and takes away once the results hold it: those are judged line by line. */
const isOnTheWay = (place: string): boolean => /-batches-\d\S* in \S+: work\//.test(place);

/** What processes of two versions change in turn, and must leave what they do not know. */
const isShared = (place: string): boolean => /-batches in /.test(place);

/** Counts that only rise. */
const rising = ['version', 'revision', 'sequence', 'at'] as const;

/** What `after` lacks of `before`, each thing by its name. */
export function lostSince(before: FleetState, after: FleetState): string[] {
  return [...before].flatMap(([place, was]) => {
    const is = after.get(place);
    if (is === undefined) return isOver(was) || isOnTheWay(place) ? [] : [`${place} is gone`];
    if (isFixed(place)) return isDeepStrictEqual(is, was) ? [] : [`${place} was changed`];
    const gone = isShared(place) ? Object.keys(was).filter((name) => !(name in is) && !isPassing(name)) : [];
    const fallen = rising.filter((name) => Number(is[name] ?? 0) < Number(was[name] ?? 0));
    return [
      ...gone.map((name) => `${place} has lost its ${name}`),
      ...fallen.map((name) => `${place} went back in its ${name}`),
    ];
  });
}

/** Who works at a chunk now: nobody does when it is done. */
const isPassing = (name: string): boolean => name === 'holder';

const isOver = (item: Item): boolean => Number(item[timeToLiveAttribute] ?? Infinity) * 1000 < Date.now();
