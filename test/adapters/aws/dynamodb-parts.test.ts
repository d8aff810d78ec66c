import { describe, expect, it } from 'vitest';
import { readPages, untilNothingIsLeft } from '#adapters/aws/dynamodb-parts.ts';

const pages = [
  { Items: [{ n: { N: '1' } }], LastEvaluatedKey: { n: { N: '1' } } },
  { Items: [], LastEvaluatedKey: { n: { N: '2' } } },
  { Items: [{ n: { N: '3' } }] },
];

describe('a read in pages', () => {
  it('goes on from where the last page ended, over empty ones too', async () => {
    const asked: unknown[] = [];
    const items = await readPages('Query', async (from) => {
      asked.push(from);
      return pages[asked.length - 1] ?? {};
    });
    expect(items).toEqual([{ n: 1 }, { n: 3 }]);
    expect(asked).toEqual([
      { start: {}, itemsRead: 0 },
      { start: { ExclusiveStartKey: { n: { N: '1' } } }, itemsRead: 1 },
      { start: { ExclusiveStartKey: { n: { N: '2' } } }, itemsRead: 1 },
    ]);
  });

  it('asks for no page after the first so many items', async () => {
    let asked = 0;
    const read = async () => {
      asked += 1;
      return pages[0] ?? {};
    };
    expect(await readPages('Query', read, 2)).toHaveLength(2);
    expect(asked).toBe(2);
  });
});

describe('a batch', () => {
  it('is sent again for what was left of it, and nothing else', async () => {
    const sent: (readonly number[])[] = [];
    await untilNothingIsLeft('BatchWriteItem', [1, 2, 3], async (entries) => {
      sent.push(entries);
      return entries.slice(1);
    });
    expect(sent).toEqual([[1, 2, 3], [2, 3], [3]]);
  });

  it('of which something is always left ends in a throttle that counts it', async () => {
    let rounds = 0;
    const batch = untilNothingIsLeft('BatchGetItem', [1, 2], async (entries) => {
      rounds += 1;
      return entries;
    });
    await expect(batch).rejects.toMatchObject({
      code: 'throttled',
      message: 'BatchGetItem left 2 items undone',
    });
    expect(rounds).toBe(8);
  });

  it('that fails throws the house’s error', async () => {
    const gone = Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
    const batch = untilNothingIsLeft('BatchGetItem', [1], () => Promise.reject(gone));
    await expect(batch).rejects.toMatchObject({ code: 'resource_missing' });
  });
});
