import type { Board, BoardRow, Panel } from './board.ts';

/** A board is so many columns wide, in CloudWatch as in Grafana. */
const COLUMNS = 24;
const PANEL_HEIGHT = 6;

export interface PlacedPanel {
  readonly panel: Panel;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedRow {
  readonly row: BoardRow;
  /** Of its heading. */
  readonly y: number;
  readonly panels: readonly PlacedPanel[];
}

/**
 * From left to right and from top to bottom, without gaps or overlaps.
 *
 * @param space lines above the first row, and of each heading
 */
export function placePanels(
  { rows }: Board,
  space: { readonly above: number; readonly heading: number },
): readonly PlacedRow[] {
  let y = space.above;
  return rows.map((row) => {
    const heading = y;
    y += space.heading;
    let x = 0;
    const panels = row.panels.map((panel): PlacedPanel => {
      if (x + panel.width > COLUMNS) {
        x = 0;
        y += PANEL_HEIGHT;
      }
      const placed = { panel, x, y, width: panel.width, height: PANEL_HEIGHT };
      x += panel.width;
      return placed;
    });
    y += PANEL_HEIGHT;
    return { row, y: heading, panels };
  });
}
