/** A table's keys, conditions and filters in the words of DynamoDB's expressions. */
import { marshall } from '@aws-sdk/util-dynamodb';

export interface TableQuery {
  readonly partition: string;
  readonly sortPrefix?: string | undefined;
  /** Sort keys from here on, this one included. Not together with `sortPrefix`. */
  readonly sortFrom?: string | undefined;
  /** Up to this one, included. With `sortFrom`. */
  readonly sortTo?: string | undefined;
  /** @default false */
  readonly descending?: boolean;
  readonly limit?: number | undefined;
}

export interface TableCondition {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

export function keyCondition(keys: { readonly partition: string; readonly sort: string }, which: TableQuery) {
  const { partition, sortPrefix, sortFrom, sortTo } = which;
  const bound = sortPrefix ?? sortFrom;
  const range = sortTo === undefined ? '#sort >= :sort' : '#sort BETWEEN :sort AND :sortTo';
  const clause = sortPrefix === undefined ? range : 'begins_with(#sort, :sort)';
  return {
    KeyConditionExpression:
      bound === undefined ? '#partition = :partition' : `#partition = :partition AND ${clause}`,
    ExpressionAttributeNames: {
      '#partition': keys.partition,
      ...(bound === undefined ? {} : { '#sort': keys.sort }),
    },
    ExpressionAttributeValues: {
      ':partition': { S: partition },
      ...(bound === undefined ? {} : { ':sort': { S: bound } }),
      ...(sortTo === undefined ? {} : { ':sortTo': { S: sortTo } }),
    },
  };
}

export function wireCondition({ expression, names, values }: TableCondition) {
  return {
    ConditionExpression: expression,
    ExpressionAttributeNames: { ...names },
    ...(values === undefined ? {} : { ExpressionAttributeValues: marshall(values) }),
  };
}

export function wireFilter(filter: TableCondition) {
  const { ConditionExpression: FilterExpression, ...rest } = wireCondition(filter);
  return { FilterExpression, ...rest };
}
