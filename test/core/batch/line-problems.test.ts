import { expect, it } from 'vitest';
import { PROBLEMS_MAX, ProblemList } from '#core/batch/line-problems.ts';

it('keeps the first problems in order, says how many more there are, and cuts long words', () => {
  const list = new ProblemList();
  expect(list.isEmpty).toBe(true);
  for (let line = 1; line <= PROBLEMS_MAX + 20; line += 1)
    list.add({ code: 'invalid_json_line', message: 'x'.repeat(2000), line });
  const told = list.list();
  expect(list.isEmpty).toBe(false);
  expect(told).toHaveLength(PROBLEMS_MAX + 1);
  expect(told[0]).toMatchObject({ line: 1 });
  expect(told[0]?.message.length).toBeLessThanOrEqual(500);
  expect(told.at(-1)).toEqual({ code: 'more_errors', message: '20 more problems are not listed.' });
});
