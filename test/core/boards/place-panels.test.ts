import { describe, expect, it } from 'vitest';
import { boards } from '#core/boards/boards.ts';
import { placePanels } from '#core/boards/place-panels.ts';

const space = { above: 2, heading: 1 };

describe('placePanels', () => {
  it.each(boards.map((board) => [board.id, board] as const))(
    'puts the panels of %s beside and below each other, never over',
    (_, board) => {
      const taken = new Set<string>();
      const cells = placePanels(board, space).flatMap(({ y, panels }) => [
        ...Array.from({ length: 24 }, (__, x) => `${x}/${y}`),
        ...panels.flatMap((at) =>
          Array.from(
            { length: at.width * at.height },
            (__, n) => `${at.x + (n % at.width)}/${at.y + Math.floor(n / at.width)}`,
          ),
        ),
      ]);
      for (const cell of cells) {
        expect(Number(cell.split('/')[0])).toBeLessThan(24);
        expect(taken.has(cell), cell).toBe(false);
        taken.add(cell);
      }
    },
  );

  it('leaves no column empty at the end of a line', () => {
    for (const board of boards) {
      for (const { row, panels } of placePanels(board, space)) {
        const lines = Map.groupBy(panels, ({ y }) => y);
        for (const line of lines.values())
          expect(
            line.reduce((sum, { width }) => sum + width, 0),
            `${board.id}: ${row.title}`,
          ).toBe(24);
      }
    }
  });
});
