import { expect, it } from 'vitest';
import { restJudge } from '#simulator/judges/rest-judge.ts';
import { reportsOf } from '#test/builders/judged-history.ts';

it.each([
  [0, []],
  [2, ['2 requests never ended']],
])('says of %i requests that are open at rest: %j', (open, said) => {
  const { reports, atRest } = reportsOf(restJudge(() => open));
  atRest();
  expect(reports).toEqual(said);
});
