import { expect, it } from 'vitest';
import { filterWords, rejectionWords, removalWords, scorerWords } from '#contract/decision-words.ts';
import { removalCodes } from '#contract/removal-codes.ts';
import type { RejectionCode } from '#core/decide/decision.ts';
import { filters } from '#core/decide/filters/filters.ts';
import { scorers } from '#core/decide/scorers/scorers.ts';

it('has words for every filter in their order, every scorer with its weight, and every code', () => {
  expect(Object.keys(filterWords)).toEqual(filters.map(({ name }) => name));
  expect(Object.entries(scorerWords).map(([name, { weight }]) => [name, weight])).toEqual(
    scorers.map(({ name, weight }) => [name, weight]),
  );
  expect(Object.keys(removalWords)).toEqual([...removalCodes]);
  const rejections: Readonly<Record<RejectionCode | 'wrong_gateway_region', unknown>> = rejectionWords;
  const all = [filterWords, removalWords, rejections, scorerWords].flatMap((words) =>
    Object.values(words).flatMap((each) => Object.values(each as object)),
  );
  expect(all.filter((word) => word === '')).toEqual([]);
});
