import { expect, it } from 'vitest';
import { panelsOf } from '#core/boards/board.ts';
import { modelBoard } from '#core/boards/model-board.ts';

it('tells answers, speed and use of one model', () => {
  expect(modelBoard.rows.map((row) => row.title)).toEqual(['Answers', 'Speed', 'Use']);
  const narrowed = panelsOf(modelBoard).flatMap(({ series }) =>
    series.flatMap((each) => (each.kind === 'search' ? [Object.keys(each.where ?? {})[0]] : [])),
  );
  expect([...new Set(narrowed)].sort()).toEqual(['FirstModel', 'Model']);
});
