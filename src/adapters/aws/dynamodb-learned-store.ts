/**
 * What is known of tenants' calls, in the capacity table of the gateway's own region: it never leaves that region.
 *
 *     targetPage                       item
 *     #learned#<tenant>                learned-1   how its chains begin and what they need, how long its answers are
 *     #chain#<tenant>#<trace id>       chain-1     one chain, for ten minutes
 *                                      terms-1     its lane and deadline, where the configuration asks for them
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { chainItemSchema } from '#contract/learned-item.ts';
import { capacityKeys } from '#contract/resources.ts';
import {
  capacityItems,
  chainPartition,
  learnedPartition,
  timeToLiveAttribute,
} from '#contract/table-keys.ts';
import { type CarriedTerms, readTerms, textOfTerms } from '#core/chain/carried-terms.ts';
import { placeInChain } from '#core/chain/place-in-chain.ts';
import type { ChainCall, ChainPlace, LearnedStore, StoredLearned } from '#usecases/ports/learned-store.ts';
import { createDynamodbTable } from './dynamodb-table.ts';
import { itemOfLearned, learnedOfItem } from './learned-item.ts';
import { toHouseError, translated } from './to-house-error.ts';

/** Nobody waits for it, but a frozen process must not find it still under way. */
const CALL_MS_MAX = 500;
const CHAIN_KEPT_SECONDS = 600;
/** Of a tenant that has gone. */
const LEARNED_KEPT_SECONDS = 30 * 86_400;

export function createDynamodbLearnedStore(options: {
  readonly client: DynamoDBClient;
  /** Name or ARN of the capacity table. */
  readonly table: string;
  /** @default 500 */
  readonly callMsMax?: number | undefined;
}): LearnedStore {
  const { client, table: name, callMsMax = CALL_MS_MAX } = options;
  const table = createDynamodbTable({ client, table: name, keys: capacityKeys, callMsMax });
  const update = (input: Omit<UpdateItemCommandInput, 'TableName'>) =>
    client.send(new UpdateItemCommand({ TableName: name, ...input }), {
      abortSignal: AbortSignal.timeout(callMsMax),
    });
  return {
    async load(tenant) {
      const item = await table.get({ partition: learnedPartition(tenant), sort: capacityItems.learned });
      return item === undefined ? undefined : (learnedOfItem(item) ?? 'unreadable');
    },
    async save(tenant, item, { seen, at }) {
      try {
        await update({
          Key: keyOf(learnedPartition(tenant), capacityItems.learned),
          ...saving(item, seen, at),
        });
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw toHouseError(error, 'UpdateItem');
      }
    },
    async begin({ tenant, traceId, terms, at }) {
      const Key = keyOf(chainPartition(tenant, traceId), capacityItems.terms);
      const { Attributes } = await translated('UpdateItem', () => update({ Key, ...beginning(terms, at) }));
      const text = Attributes?.terms?.S;
      return text === undefined ? undefined : readTerms(text);
    },
    async note(call) {
      const Key = keyOf(chainPartition(call.tenant, call.traceId), capacityItems.chain);
      const { Attributes } = await translated('UpdateItem', () => update({ Key, ...noting(call) }));
      return placeOf(Attributes, call);
    },
  };
}

function keyOf(partition: string, sort: string): Record<string, AttributeValue> {
  return { [capacityKeys.partition]: { S: partition }, [capacityKeys.sort]: { S: sort } };
}

type Update = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/** What cannot be read is replaced, whatever it is: readers of another shape have an item of another name. */
function saving(item: StoredLearned, seen: number | 'unreadable' | undefined, at: number): Update {
  const { revision, chains, lengths } = itemOfLearned(item);
  return {
    UpdateExpression: 'SET #revision = :revision, #chains = :chains, #lengths = :lengths, #ends = :ends',
    ...(seen === 'unreadable'
      ? {}
      : {
          ConditionExpression: seen === undefined ? 'attribute_not_exists(#revision)' : '#revision = :seen',
        }),
    ExpressionAttributeNames: {
      '#revision': 'revision',
      '#chains': 'chains',
      '#lengths': 'lengths',
      '#ends': timeToLiveAttribute,
    },
    ExpressionAttributeValues: marshall({
      ':revision': revision,
      ':chains': chains,
      ':lengths': lengths,
      ':ends': Math.ceil(at / 1000) + LEARNED_KEPT_SECONDS,
      ...(typeof seen === 'number' ? { ':seen': seen } : {}),
    }),
  };
}

/** Whoever comes first has said it, and whoever comes later reads it by the same write. */
function beginning(terms: CarriedTerms, at: number): Update {
  return {
    UpdateExpression: 'SET #terms = if_not_exists(#terms, :terms), #ends = :ends',
    ExpressionAttributeNames: { '#terms': 'terms', '#ends': timeToLiveAttribute },
    ExpressionAttributeValues: {
      ':terms': { S: textOfTerms(terms) },
      ':ends': { N: String(Math.ceil(at / 1000) + CHAIN_KEPT_SECONDS) },
    },
    ReturnValues: 'ALL_OLD',
  };
}

/** The first call's words stay, the models and the cold are collected: whatever the order, and whoever writes. */
function noting({ model, route, needsModel, isCold, at }: ChainCall): Update {
  const cold = isCold ? ', #cold = :cold' : '';
  return {
    UpdateExpression: `SET #first = if_not_exists(#first, :model), #route = if_not_exists(#route, :route), #ends = :ends${cold}${needsModel ? ' ADD #models :models' : ''}`,
    ExpressionAttributeNames: {
      '#first': 'firstModel',
      '#route': 'route',
      '#ends': timeToLiveAttribute,
      ...(isCold ? { '#cold': 'cold' } : {}),
      ...(needsModel ? { '#models': 'models' } : {}),
    },
    ExpressionAttributeValues: {
      ':model': { S: model },
      ':route': { S: route },
      ':ends': { N: String(Math.ceil(at / 1000) + CHAIN_KEPT_SECONDS) },
      ...(isCold ? { ':cold': { BOOL: true } } : {}),
      ...(needsModel ? { ':models': { SS: [model] } } : {}),
    },
    ReturnValues: 'ALL_OLD',
  };
}

function placeOf(
  attributes: Record<string, AttributeValue> | undefined,
  call: ChainCall,
): ChainPlace | undefined {
  // Some engines give the keys of an item that was not there.
  if (attributes?.firstModel === undefined) return placeInChain(undefined, call);
  const { success, data } = chainItemSchema.safeParse(unmarshall(attributes));
  return success ? placeInChain(data, call) : undefined;
}
