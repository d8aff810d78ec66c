import { expect, it } from 'vitest';
import { panelsOf, variablesOf } from '#core/boards/board.ts';
import { boards } from '#core/boards/boards.ts';

it('a board offers the choices that its panels ask for, and the region where there are several', () => {
  expect(Object.fromEntries(boards.map((board) => [board.id, variablesOf(board)]))).toEqual({
    availability: ['region', 'account'],
    routing: ['region'],
    model: ['region', 'model'],
    capacity: ['region'],
    cost: ['region', 'tenant'],
    discovery: [],
  });
});

it('a board’s panels are those of its rows, in order', () => {
  const [first] = boards;
  expect(first === undefined ? [] : panelsOf(first).map(({ title }) => title)).toEqual([
    'Models by account',
    'Targets by group',
    'Usable share',
    'Blocked targets by account',
    'Models of the account',
    'Targets of the account by group',
    'Failed parts of discovery',
    'Lost points',
  ]);
});
