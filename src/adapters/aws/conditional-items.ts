/** Items of a table that change by conditional updates alone: each shows the item that it left, or that refused it. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { ClockCheck } from '#usecases/capacity/clock-check.ts';
import { toHouseError } from './to-house-error.ts';

export interface ConditionalItemsOptions {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** A late answer is of no use: whoever asked has gone on. @default 1000 */
  readonly callMsMax?: number | undefined;
  /** Told what time the store shows. @default - nobody is */
  readonly clockCheck?: ClockCheck | undefined;
}

export type Item = Readonly<Record<string, AttributeValue>>;

export type ItemUpdate = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

interface UpdatedItem {
  readonly applied: boolean;
  /** As it is now; empty where there is none, and after an update of which nothing is to be shown. */
  readonly item: Item;
}

const CALL_MS_MAX = 1_000;

export class ConditionalItems {
  readonly #options: ConditionalItemsOptions;

  constructor(options: ConditionalItemsOptions) {
    this.#options = options;
  }

  /** @param shows what of an item that was updated. One that refuses is always shown. @throws HouseError */
  async update(key: Item, update: ItemUpdate, shows: 'ALL_NEW' | 'NONE' = 'NONE'): Promise<UpdatedItem> {
    const { client, table } = this.#options;
    const call = new UpdateItemCommand({
      TableName: table,
      Key: key,
      ...update,
      ReturnValues: shows,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes = {} } = await client.send(this.#checked(call), this.#limits());
      return { applied: true, item: Attributes };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw toHouseError(error, 'UpdateItem');
      // Not every engine shows the item with its refusal.
      return { applied: false, item: error.Item ?? (await this.#read(key)) };
    }
  }

  async #read(key: Item): Promise<Item> {
    const { client, table } = this.#options;
    const call = new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true });
    try {
      return (await client.send(call, this.#limits())).Item ?? {};
    } catch (error) {
      throw toHouseError(error, 'GetItem');
    }
  }

  /** Each answer of AWS has its time in a header, refusals too. */
  #checked(call: UpdateItemCommand): UpdateItemCommand {
    const { clockCheck } = this.#options;
    if (clockCheck === undefined) return call;
    call.middlewareStack.add(
      (next) => async (asked) => {
        const heard = clockCheck.begin();
        const answer = await next(asked);
        const { headers } = answer.response as { readonly headers?: Readonly<Record<string, string>> };
        heard(Date.parse(headers?.date ?? ''));
        return answer;
      },
      // Before the answer is read: a refusal is an error from then on.
      { step: 'deserialize', priority: 'low' },
    );
    return call;
  }

  #limits(): { readonly abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(this.#options.callMsMax ?? CALL_MS_MAX) };
  }
}
