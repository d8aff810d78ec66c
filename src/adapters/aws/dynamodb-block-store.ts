/**
 * Blocks of slots in the capacity table of the gateway's own region: one item a target, one update a change. It never
 * vanishes by itself: a book that is not there is taken as one that nobody has written yet.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type BlockTuple, blockBookItemSchema } from '#contract/block-book-item.ts';
import { capacityKeys } from '#contract/resources.ts';
import { capacityItems } from '#contract/table-keys.ts';
import { type BlockBook, type ClaimedBlock, emptyBook, type SlotBlock } from '#core/capacity/slot-block.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { BlockStore, BookOutcome } from '#usecases/ports/block-store.ts';
import {
  ConditionalItems,
  type ConditionalItemsOptions,
  type Item,
  type ItemUpdate,
} from './conditional-items.ts';

export function createDynamodbBlockStore(options: ConditionalItemsOptions): BlockStore {
  const items = new ConditionalItems(options);
  const update = async (target: string, change: ItemUpdate): Promise<BookOutcome> => {
    const { applied, item } = await items.update(keyOf(target), change, 'ALL_NEW');
    return { applied, book: bookOf(item) };
  };
  return {
    grow: (target, { version }, claimed) =>
      update(target, version === 0 ? creation(claimed) : growth(version, claimed)),
    keep: (target, holder, block) => update(target, keeping(holder, block)),
  };
}

function creation({ holder, block, learningUntil }: ClaimedBlock): ItemUpdate {
  return {
    UpdateExpression: 'SET #version = :version, #learning = :learning, #blocks = :blocks',
    ConditionExpression: 'attribute_not_exists(#version)',
    ExpressionAttributeNames: names(),
    ExpressionAttributeValues: marshall({
      ':version': 1,
      ':learning': learningUntil,
      ':blocks': { [holder]: tupleOf(block) },
    }),
  };
}

function growth(before: number, { holder, block, lapsed, learningUntil }: ClaimedBlock): ItemUpdate {
  const gone = [...lapsed].map(([name, { sequence }], index) => ({ name, sequence, index }));
  const isNewer = 'attribute_not_exists(#blocks.#me) OR #blocks.#me[5] < :sequence';
  const removing = gone.map(({ index }) => `#blocks.#x${index}`);
  return {
    UpdateExpression: `SET #version = :version, #learning = :learning, #blocks.#me = :block${
      removing.length === 0 ? '' : ` REMOVE ${removing.join(', ')}`
    }`,
    ConditionExpression: [
      '#version = :before',
      `(${isNewer})`,
      ...gone.map(({ index }) => `#blocks.#x${index}[5] = :x${index}`),
    ].join(' AND '),
    ExpressionAttributeNames: {
      ...names(),
      '#me': holder,
      ...Object.fromEntries(gone.map(({ name, index }) => [`#x${index}`, name])),
    },
    ExpressionAttributeValues: marshall({
      ':before': before,
      ':version': before + 1,
      ':learning': learningUntil,
      ':block': tupleOf(block),
      ':sequence': block.sequence,
      ...Object.fromEntries(gone.map(({ sequence, index }) => [`:x${index}`, sequence])),
    }),
  };
}

function keeping(holder: string, block: SlotBlock): ItemUpdate {
  return {
    UpdateExpression: 'SET #blocks.#me = :block',
    ConditionExpression:
      '#blocks.#me[5] < :sequence AND #blocks.#me[0] >= :slots AND #blocks.#me[1] >= :kvTokens',
    ExpressionAttributeNames: { '#blocks': 'blocks', '#me': holder },
    ExpressionAttributeValues: marshall({
      ':block': tupleOf(block),
      ':sequence': block.sequence,
      ':slots': block.slots,
      ':kvTokens': block.kvTokens,
    }),
  };
}

const names = () => ({ '#version': 'version', '#learning': 'learningUntil', '#blocks': 'blocks' });

const tupleOf = ({ slots, kvTokens, wants, expiresAt, sequence }: SlotBlock): BlockTuple => [
  ...([slots, kvTokens] as const),
  ...([wants.slots, wants.kvTokens] as const),
  expiresAt,
  sequence,
];

/** @throws HouseError `answer_malformed`: who cannot read what others hold must not take anything */
function bookOf(item: Item): BlockBook {
  if (Object.keys(item).length === 0) return emptyBook;
  const { success, data } = blockBookItemSchema.safeParse(unmarshall(item));
  if (!success)
    throw houseError('answer_malformed', {
      message: 'the blocks of a target cannot be read',
      facts: { operation: 'UpdateItem' },
    });
  const blocks = Object.entries(data.blocks).map(([process, values]): [string, SlotBlock] => {
    const [slots, kvTokens, wantsSlots, wantsKvTokens, expiresAt, sequence] = values;
    const wants = { slots: wantsSlots, kvTokens: wantsKvTokens };
    return [process, { slots, kvTokens, wants, expiresAt, sequence }];
  });
  return { version: data.version, learningUntil: data.learningUntil, blocks: new Map(blocks) };
}

function keyOf(target: string): Record<string, AttributeValue> {
  return {
    [capacityKeys.partition]: { S: `${target}#blocks` },
    [capacityKeys.sort]: { S: capacityItems.blocks },
  };
}
