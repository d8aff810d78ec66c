import { describe, expect, it } from 'vitest';
import { type GridShape, moveIn, scrollTo, windowOf } from '../../../console/availability/grid-window.ts';

const shape: GridShape = {
  linesCount: 4200,
  columnsCount: 21,
  linePx: 28,
  columnPx: 50,
  headLeftPx: 300,
  headTopPx: 48,
};
const view = { left: 0, top: 2800, width: 1000, height: 748 };

describe('what is drawn of a large grid', () => {
  it('is what is in sight, and a little more', () => {
    expect(windowOf(shape, view)).toEqual({ firstLine: 94, endLine: 132, firstColumn: 0, endColumn: 16 });
    expect(windowOf(shape, { ...view, left: 500, top: 117_000 })).toEqual({
      firstLine: 4162,
      endLine: 4200,
      firstColumn: 8,
      endColumn: 21,
    });
  });

  it('covers every cell that is in sight, wherever one scrolls', () => {
    for (let left = 0; left <= 350; left += 7) {
      const drawn = windowOf(shape, { ...view, left });
      expect(drawn.firstColumn * 50).toBeLessThanOrEqual(left);
      expect(Math.min(21, drawn.endColumn) * 50).toBeGreaterThanOrEqual(Math.min(21 * 50, left + 700));
    }
  });

  it('has as many lines wherever one scrolls, and those in sight among them', () => {
    for (let top = 0; top <= 4200 * 28 - 700; top += 133) {
      const { firstLine, endLine } = windowOf(shape, { ...view, top });
      expect(endLine - firstLine).toBe(38);
      expect(firstLine * 28).toBeLessThanOrEqual(top);
      expect(endLine * 28).toBeGreaterThanOrEqual(top + 700);
    }
    expect(windowOf({ ...shape, linesCount: 3 }, { ...view, top: 0 })).toMatchObject({
      firstLine: 0,
      endLine: 3,
    });
  });

  it('scrolls as little as brings a cell into sight', () => {
    expect(scrollTo(shape, view, { line: 110, column: 3 })).toEqual({ left: 0, top: 2800 });
    expect(scrollTo(shape, view, { line: 99, column: 0 })).toEqual({ left: 0, top: 2772 });
    expect(scrollTo(shape, view, { line: 125, column: 20 })).toEqual({ left: 350, top: 2828 });
  });
});

describe('the keys', () => {
  // A title, two rows, a title, two rows.
  const grid = { linesCount: 6, columnsCount: 3, isCell: (line: number) => line % 3 !== 0 };
  const at = (line: number, column: number, key: string, isControl = false) => {
    const next = moveIn({ line, column }, { key, isControl, linesPage: 3 }, grid);
    return next === undefined ? undefined : `${next.line},${next.column}`;
  };

  it('lead to the next cell, past titles, and stay at the edge', () => {
    expect([
      at(2, 1, 'ArrowDown'),
      at(4, 1, 'ArrowUp'),
      at(1, 0, 'ArrowLeft'),
      at(1, 2, 'ArrowRight'),
    ]).toEqual(['4,1', '2,1', '1,0', '1,2']);
    expect([at(1, 1, 'ArrowUp'), at(5, 1, 'ArrowDown')]).toEqual(['1,1', '5,1']);
  });

  it('lead to both ends and a page further', () => {
    expect([at(2, 1, 'Home'), at(2, 1, 'End'), at(5, 1, 'Home', true), at(1, 1, 'End', true)]).toEqual([
      '2,0',
      '2,2',
      '1,0',
      '5,2',
    ]);
    expect([at(1, 1, 'PageDown'), at(5, 1, 'PageUp'), at(2, 1, 'PageDown')]).toEqual(['4,1', '2,1', '5,1']);
    expect(at(1, 1, 'a')).toBeUndefined();
  });
});
