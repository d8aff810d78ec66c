import fc from 'fast-check';
import { expect, it } from 'vitest';
import { itemOfLearned, learnedOfItem } from '#adapters/aws/learned-item.ts';
import { addLearned, type Learned, nothingLearned } from '#core/learned/learned.ts';
import { addLength, noLengths, quantileOf } from '#core/tokens/output-quantiles.ts';

it('loses no quantile on its way through an item, and stays small', () => {
  const answers = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 20, maxLength: 900 });
  fc.assert(
    fc.property(answers, (tokens) => {
      const one: Learned = {
        ...nothingLearned,
        lengths: new Map([['chat /v1', tokens.reduce(addLength, noLengths)]]),
      };
      const learned = addLearned(one, one);
      const item = itemOfLearned({ revision: 3, learned });
      const back = learnedOfItem(JSON.parse(JSON.stringify(item)));
      expect(JSON.stringify(item).length).toBeLessThan(1_400);
      const quantile = (of: Learned | undefined) => quantileOf(of?.lengths.get('chat /v1') ?? noLengths, 0.9);
      expect([back?.revision, quantile(back?.learned)]).toEqual([3, quantile(learned)]);
    }),
    { numRuns: 40 },
  );
});

it('is nothing of another shape', () => {
  expect(learnedOfItem({ revision: 1 })).toBeUndefined();
});
