import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamodbTable, type DynamodbTable } from '#adapters/aws/dynamodb-table.ts';
import { createTestTable, dynamodbEngines, type RunningEngine } from '#test/builders/dynamodb-engines.ts';

let engine: RunningEngine;
let table: DynamodbTable;
const keys = { partition: 'model', sort: 'residency' };
const item = (sort: number, more: object = {}) => ({
  model: 'p',
  residency: String(sort).padStart(4, '0'),
  ...more,
});

beforeAll(async () => {
  const [first] = dynamodbEngines;
  if (first === undefined) throw new Error('there is no engine');
  engine = await first.start();
  const { client } = engine;
  table = createDynamodbTable({ client, table: await createTestTable(client, 'routes'), keys });
  // About 3 MB: more than a page of a query or a batch holds.
  const body = 'x'.repeat(20_000);
  for (let start = 0; start < 150; start += 25)
    await table.writeMany(
      Array.from({ length: 25 }, (_, index) => item(start + index, { body })),
      [],
    );
});
afterAll(() => engine.close());

describe('a table', () => {
  it('reads all pages of a partition, in order, or the first few', async () => {
    const all = await table.query({ partition: 'p' });
    expect(all.map((each) => Number(each.residency))).toEqual(
      Array.from({ length: 150 }, (_, index) => index),
    );
    const last = await table.query({ partition: 'p', descending: true, limit: 120 });
    expect(last.map((each) => Number(each.residency))).toEqual(
      Array.from({ length: 120 }, (_, index) => 149 - index),
    );
    expect(await table.query({ partition: 'p', sortPrefix: '014' })).toHaveLength(10);
    expect(await table.query({ partition: 'p', sortFrom: '0147' })).toHaveLength(3);
  });

  it('reads any number of keys, those that are missing left out', async () => {
    const wanted = Array.from({ length: 160 }, (_, index) => ({
      partition: 'p',
      sort: String(index).padStart(4, '0'),
    }));
    expect(await table.getMany(wanted)).toHaveLength(150);
    expect(await table.getMany([])).toEqual([]);
  });

  it('writes under a condition, or says that it did not hold', async () => {
    const once = { expression: 'attribute_not_exists(#key)', names: { '#key': 'model' } };
    expect(await table.put({ model: 'q', residency: 'r', n: 1 }, once)).toEqual({
      written: true,
      replaced: undefined,
    });
    expect(await table.put({ model: 'q', residency: 'r', n: 2 }, once)).toEqual({ written: false });
    expect(await table.put({ model: 'q', residency: 'r', n: 3 })).toMatchObject({
      written: true,
      replaced: { n: 1 },
    });
    await table.delete({ partition: 'q', sort: 'r' });
    expect(await table.get({ partition: 'q', sort: 'r' })).toBeUndefined();
  });

  it('keeps every kind of value', async () => {
    const value = {
      text: '',
      nothing: null,
      list: [1, 'a', { deep: true }],
      bytes: new Uint8Array([1, 2]),
      none: undefined,
    };
    await table.put({ model: 'v', residency: 'v', value });
    expect((await table.get({ partition: 'v', sort: 'v' }))?.value).toEqual({
      text: '',
      nothing: null,
      list: [1, 'a', { deep: true }],
      bytes: new Uint8Array([1, 2]),
    });
  });

  it('throws the house’s errors', async () => {
    const missing = createDynamodbTable({ client: engine.client, table: 'no-such-table', keys });
    await expect(missing.query({ partition: 'p' })).rejects.toMatchObject({ code: 'resource_missing' });
    await expect(missing.put({ model: 'a', residency: 'b' })).rejects.toMatchObject({
      code: 'resource_missing',
    });
    const late = createDynamodbTable({ client: engine.client, table: 'no-such-table', keys, callMsMax: 0 });
    await expect(late.get({ partition: 'p', sort: 's' })).rejects.toMatchObject({ code: 'timed_out' });
  });
});
