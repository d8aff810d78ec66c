import { expect, it } from 'vitest';
import { createSealedNumbers } from '#usecases/audit/sealed-numbers.ts';

it('forgets the oldest number beyond what it keeps', () => {
  const numbers = createSealedNumbers(2);
  for (const number of ['a', 'b', 'b', 'c']) numbers.add(number);
  expect(['a', 'b', 'c'].filter((number) => numbers.has(number))).toEqual(['b', 'c']);
});
