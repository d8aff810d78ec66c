import { expect, it } from 'vitest';
import { chainItemSchema, learnedItemSchema } from '#contract/learned-item.ts';

it('has no more models of a chain than there can be', () => {
  const models = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, 1]));
  const item = (count: number) => ({
    revision: 1,
    chains: { a: { chains: 1, models: models(count) } },
    lengths: {},
  });
  expect([256, 257].map((count) => learnedItemSchema.safeParse(item(count)).success)).toEqual([true, false]);
});

it('of a chain has its first words', () => {
  expect(chainItemSchema.safeParse({ firstModel: 'chat' }).success).toBe(false);
  expect(chainItemSchema.safeParse({ firstModel: 'chat', route: '/v1' }).success).toBe(true);
});
