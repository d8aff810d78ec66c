import { expect, it } from 'vitest';
import { readScores } from '../../../console/routes/read-scores.ts';

const score = (target: string, by: string, scoreBps: number) => ({ target, by, scoreBps });

it('has a column for each scorer that tells targets apart, rows in the order of the plan', () => {
  const table = readScores({
    plan: ['b', 'a'],
    scored: [
      ...['a', 'b', 'c'].map((id) => score(id, 'trouble', 10_000)),
      score('a', 'price', 5_000),
      score('b', 'price', 10_000),
      score('c', 'price', 3_333),
      score('a', 'scope', 9_000),
      score('b', 'scope', 10_000),
    ],
  });
  expect(table.columns.map(({ title, weight }) => [title, weight])).toEqual([
    ['Scope', 60],
    ['Price', 1],
  ]);
  expect(table.rows).toEqual([
    { target: 'b', percents: [100, 100] },
    { target: 'a', percents: [90, 50] },
    { target: 'c', percents: [undefined, 33.33] },
  ]);
  expect(table.equal).toEqual([{ title: 'No trouble', percent: 100 }]);
});

it('shows a scorer of a newer gateway by its name, and nothing of nothing', () => {
  const scored = [score('a', 'moon', 1), score('b', 'moon', 2)];
  expect(readScores({ plan: ['a', 'b'], scored }).columns).toEqual([
    { name: 'moon', title: 'moon', best: '', weight: undefined },
  ]);
  expect(readScores({ plan: [], scored: [] })).toEqual({ columns: [], rows: [], equal: [] });
});
