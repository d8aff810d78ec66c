import { expect, it } from 'vitest';
import { amount, instanceType, text, whole } from '#contract/config-values.ts';

const saidOf = (schema: ReturnType<typeof text | typeof whole | typeof amount>, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ message }) => message);

it.each([
  ['a text of a pattern', text(/^a+$/, 'some a'), ['a', 'aaa'], ['', 'b', 7, undefined], 'must be some a'],
  [
    'a whole number',
    whole(1, 9),
    [1, 9],
    [0, 10, 1.5, '3', Number.NaN],
    'must be a whole number from 1 to 9',
  ],
  ['a number', amount(0, 0.5), [0, 0.5, 0.1], [-0.1, 0.6, '0.1', null], 'must be a number from 0 to 0.5'],
  [
    'an instance type',
    instanceType('ml.g6e.2xlarge'),
    ['ml.g5.xlarge', 'ml.p5en.48xlarge'],
    ['g5.xlarge', 'ml.g5', 'ml.G5.xlarge'],
    'must be a SageMaker instance type such as "ml.g6e.2xlarge"',
  ],
])('%s says of what it refuses what would be right', (_, schema, right, wrong, sentence) => {
  for (const value of right) expect(saidOf(schema, value), String(value)).toBeUndefined();
  for (const value of wrong)
    expect(new Set(saidOf(schema, value)), String(value)).toEqual(new Set([sentence]));
});
