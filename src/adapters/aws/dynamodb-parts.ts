/** Answers that DynamoDB gives in parts: pages of a read, and batches of which it left something undone. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { houseError } from '#core/errors/catalogue.ts';
import { translated } from './to-house-error.ts';

export type WireItem = Record<string, AttributeValue>;

interface Page {
  readonly Items?: readonly WireItem[] | undefined;
  readonly LastEvaluatedKey?: WireItem | undefined;
}

const BATCH_ROUNDS_MAX = 8;

/**
 * The items of all pages, or of as many as hold the first `itemsMax`.
 *
 * @throws the house's error for what `read` throws
 */
export async function readPages(
  operation: string,
  read: (from: {
    readonly start: { ExclusiveStartKey?: WireItem };
    readonly itemsRead: number;
  }) => Promise<Page>,
  itemsMax = Number.POSITIVE_INFINITY,
): Promise<readonly Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let next: WireItem | undefined;
  do {
    const start = next === undefined ? {} : { ExclusiveStartKey: next };
    const page = await translated(operation, () => read({ start, itemsRead: items.length }));
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
    next = page.LastEvaluatedKey;
  } while (next !== undefined && items.length < itemsMax);
  return items;
}

/**
 * Sends a batch, and again what the table left undone of it.
 *
 * @param send answers what it left undone
 * @throws the house's error for what `send` throws, and `throttled` when something is left after eight rounds
 */
export async function untilNothingIsLeft<Entry>(
  operation: string,
  batch: readonly Entry[],
  send: (entries: readonly Entry[]) => Promise<readonly Entry[]>,
): Promise<void> {
  let rest = batch;
  for (let round = 0; rest.length > 0; round += 1) {
    if (round === BATCH_ROUNDS_MAX) throw leftOver(operation, rest.length);
    const entries = rest;
    rest = await translated(operation, () => send(entries));
  }
}

/** The table was too busy for a part of a batch, again and again. */
function leftOver(operation: string, count: number): Error {
  return houseError('throttled', {
    message: `${operation} left ${count} items undone`,
    facts: { operation, errorName: 'Unprocessed' },
  });
}
