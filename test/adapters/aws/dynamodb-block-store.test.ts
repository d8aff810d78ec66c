import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamodbBlockStore } from '#adapters/aws/dynamodb-block-store.ts';
import {
  type BlockBook,
  type ClaimedBlock,
  claimBlock,
  emptyBook,
  grownIn,
  keptIn,
} from '#core/capacity/slot-block.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { createTestTable } from '#test/builders/dynamodb-engines.ts';
import { onEveryEngine } from '#test/builders/on-every-engine.ts';

const at = Date.UTC(2026, 10, 21, 8);
const limit = { target: '111111111111/us-east-1/chat', slots: 10, copies: 1, kvTokens: 1000 };
const STEPS = 150;

function claimed(
  book: BlockBook,
  holder: string,
  change: { slots: number; at?: number; sequence?: number },
): ClaimedBlock {
  const wants = { slots: change.slots, kvTokens: change.slots * 10 };
  const held = book.blocks.get(holder) ?? { slots: 0, kvTokens: 0 };
  const sequence = change.sequence ?? (book.blocks.get(holder)?.sequence ?? 0) + 1;
  const inUse = { slots: 0, kvTokens: 0 };
  return claimBlock(book, { holder, limit, held, inUse, wants, sequence, at: change.at ?? at });
}

onEveryEngine('block-store', (engine) => {
  describe(`a store of blocks on ${engine.name}`, () => {
    const opened = async () => {
      const { client, close } = await engine.start();
      const table = await createTestTable(client, 'capacity');
      return { client, close, table, store: createDynamodbBlockStore({ client, table, callMsMax: 5_000 }) };
    };

    it('is the book of the core, step by step, whatever is asked of it', async () => {
      const { store, close } = await opened();
      const random = createSeededRandom('books');
      const below = (most: number): number => Math.floor(random.next() * most);
      let book = emptyBook;
      let before = emptyBook;
      let applied = 0;
      for (let step = 0; step < STEPS; step += 1) {
        const holder = `process-${below(4)}`;
        const seen = random.next() < 0.7 ? book : before;
        before = book;
        const sequence = random.next() < 0.8 ? undefined : below(30);
        const change = { slots: below(8), at: at + step * 2_000, ...(sequence && { sequence }) };
        const claim = claimed(seen, holder, change);
        const grows = random.next() < 0.9 ? claim.grows : !claim.grows;
        const after = grows ? grownIn(book, seen, claim) : keptIn(book, holder, claim.block);
        const outcome = await (grows
          ? store.grow(limit.target, seen, claim)
          : store.keep(limit.target, holder, claim.block));
        expect(outcome, `step ${step}`).toEqual({ applied: after !== undefined, book: after ?? book });
        if (after !== undefined) applied += 1;
        book = after ?? book;
      }
      expect(applied).toBeGreaterThan(STEPS / 3);
      expect(applied).toBeLessThan(STEPS);
      await close();
    });

    it('lets one of many that grow at once win', async () => {
      const { store, close } = await opened();
      const names = Array.from({ length: 8 }, (_, index) => `process-${index}`);
      const outcomes = await Promise.all(
        names.map((name) => store.grow(limit.target, emptyBook, claimed(emptyBook, name, { slots: 1 }))),
      );
      expect(outcomes.filter((outcome) => outcome.applied)).toHaveLength(1);
      await close();
    });

    it('lends nothing by a book that it cannot read', async () => {
      const { client, store, table, close } = await opened();
      const Item = {
        targetPage: { S: `${limit.target}#blocks` },
        item: { S: 'blocks' },
        version: { S: 'x' },
      };
      await client.send(new PutItemCommand({ TableName: table, Item }));
      const claim = claimed(emptyBook, 'one', { slots: 1 });
      await expect(store.grow(limit.target, emptyBook, claim)).rejects.toMatchObject({
        code: 'answer_malformed',
      });
      await close();
    });
  });
});
