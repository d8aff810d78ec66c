import { expect, it } from 'vitest';
import { anthropicModel, modelPage } from '#core/wire/anthropic/model-page.ts';

const names = ['a', 'b', 'c', 'd'];

it.each([
  ['', ['a', 'b', 'c', 'd'], false],
  ['limit=2', ['a', 'b'], true],
  ['limit=2&after_id=b', ['c', 'd'], false],
  ['limit=1&after_id=b', ['c'], true],
  ['limit=2&before_id=d', ['b', 'c'], true],
  ['before_id=a', [], false],
])('gives the page that %j asks for', (query, ids, has_more) => {
  expect(modelPage(names, new URLSearchParams(query))).toEqual({
    ok: true,
    body: { data: ids.map(anthropicModel), has_more, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null },
  });
});

it.each([
  ['limit=0', 'limit'],
  ['limit=1001', 'limit'],
  ['limit=x', 'limit'],
  ['after_id=z', 'after_id'],
  ['before_id=z', 'before_id'],
  ['after_id=a&before_id=d', 'before_id'],
])('refuses %j', (query, param) => {
  expect(modelPage(names, new URLSearchParams(query))).toMatchObject({
    ok: false,
    param,
    message: expect.stringContaining(param),
  });
});
