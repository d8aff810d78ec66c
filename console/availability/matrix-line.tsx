import { Component } from 'preact';
import { cellSigns } from '#contract/availability-cells.ts';
import { type Board, type BoardColumn, type BoardRow, type CellMark, markOf } from './board.ts';
import type { GridShape, GridWindow } from './grid-window.ts';

/** A column in which the name of a region or an account stands whole. */
export const NAME_PX = 112;

/** The columns' names, which stay when the lines scroll. */
export function MatrixHead(props: {
  readonly board: Board;
  readonly shape: GridShape;
  readonly drawn: GridWindow;
}) {
  const { board, shape, drawn } = props;
  const shown = board.columns.slice(drawn.firstColumn, drawn.endColumn);
  return (
    <div
      role="rowgroup"
      class="grid-head"
      style={{ width: `${widthOf(shape)}px`, height: `${shape.headTopPx}px` }}
    >
      <div role="row" class="grid-row" aria-rowindex={1}>
        <div
          role="columnheader"
          aria-colindex={1}
          class="grid-corner"
          style={{ width: `${shape.headLeftPx}px` }}
        >
          {board.grouping === 'region' ? 'Model, by region' : 'Model'}
        </div>
        <Gap columns={drawn.firstColumn} shape={shape} />
        {shown.map((column, at) => (
          <div
            key={column.key}
            role="columnheader"
            class="grid-column"
            aria-colindex={drawn.firstColumn + at + 2}
            aria-label={column.key}
            title={`${column.key}${column.band === '' ? '' : `, ${column.band}`}`}
            style={{ width: `${shape.columnPx}px` }}
          >
            <span class="grid-band" style={{ width: `${bandColumns(shown, at) * shape.columnPx}px` }}>
              {opensBand(board.columns, drawn.firstColumn + at) ? column.band : ''}
            </span>
            <span>{shape.columnPx >= NAME_PX ? column.key : column.label}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

const opensBand = (columns: readonly BoardColumn[], at: number): boolean =>
  columns[at]?.band !== columns[at - 1]?.band;

/** How far the name of a band may reach: up to the next one's. */
function bandColumns(columns: readonly BoardColumn[], at: number): number {
  const end = columns.findIndex(({ band }, other) => other > at && band !== columns[at]?.band);
  return (end < 0 ? columns.length : end) - at;
}

const widthOf = ({ headLeftPx, columnsCount, columnPx }: GridShape): number =>
  headLeftPx + columnsCount * columnPx;

/** The room of columns that are out of sight. */
function Gap({ columns, shape }: { readonly columns: number; readonly shape: GridShape }) {
  return columns === 0 ? null : (
    <span role="presentation" style={{ flex: 'none', width: `${columns * shape.columnPx}px` }} />
  );
}

export interface MatrixLineProps {
  readonly board: Board;
  readonly shape: GridShape;
  readonly line: number;
  readonly firstColumn: number;
  readonly endColumn: number;
  /** -1 for none in this line. */
  readonly activeColumn: number;
}

/** Drawn again only when something of its own changed: most lines stay as they are while the others scroll. */
export class MatrixLine extends Component<MatrixLineProps> {
  override shouldComponentUpdate(next: MatrixLineProps): boolean {
    return (Object.keys(next) as (keyof MatrixLineProps)[]).some((name) => next[name] !== this.props[name]);
  }

  override render({ board, shape, line, firstColumn, endColumn, activeColumn }: MatrixLineProps) {
    const drawn = board.lines[line];
    if (drawn === undefined) return null;
    const place = {
      top: `${line * shape.linePx}px`,
      height: `${shape.linePx}px`,
      width: `${widthOf(shape)}px`,
    };
    if (drawn.kind === 'group')
      return (
        <div role="row" class="grid-row grid-group" aria-rowindex={line + 2} style={place}>
          <div role="rowheader" class="grid-title" aria-colindex={1} aria-colspan={shape.columnsCount + 1}>
            {drawn.title} <span class="dim">{drawn.count === 1 ? '1 model' : `${drawn.count} models`}</span>
          </div>
        </div>
      );
    const { row } = drawn;
    return (
      <div role="row" class="grid-row" aria-rowindex={line + 2} style={place}>
        <RowName row={row} width={shape.headLeftPx} />
        <Gap columns={firstColumn} shape={shape} />
        {board.columns.slice(firstColumn, endColumn).map(({ key }, at) => (
          <Cell
            key={key}
            mark={markOf(row.cells.get(key))}
            where={`${row.name}, ${key}`}
            place={`${line}-${firstColumn + at}`}
            columnIndex={firstColumn + at + 2}
            width={shape.columnPx}
            isActive={activeColumn === firstColumn + at}
          />
        ))}
      </div>
    );
  }
}

function RowName({ row, width }: { readonly row: BoardRow; readonly width: number }) {
  const { name, models, isEndpoint } = row;
  const notes = [...models, ...(isEndpoint ? ['endpoint'] : [])].join(', ');
  return (
    <div role="rowheader" class="grid-name" aria-colindex={1} title={name} style={{ width: `${width}px` }}>
      <span class="mono">{name}</span>
      {notes === '' ? null : <span class="grid-note">{notes}</span>}
    </div>
  );
}

function Cell(props: {
  readonly mark: CellMark;
  readonly where: string;
  readonly place: string;
  readonly columnIndex: number;
  readonly width: number;
  readonly isActive: boolean;
}) {
  const { mark, where, place, columnIndex, width, isActive } = props;
  const { symbol, meaning } = cellSigns[mark.kind];
  const stale = mark.stale && mark.kind !== 'unknown';
  return (
    <div
      id={`cell-${place}`}
      role="gridcell"
      class={`cell cell-${mark.kind}${isActive ? ' cell-active' : ''}`}
      aria-colindex={columnIndex}
      aria-selected={isActive}
      aria-label={`${where}: ${meaning}${stale ? ', stale' : ''}${mark.differs ? ', accounts differ' : ''}`}
      style={{ width: `${width}px` }}
    >
      {symbol}
      {stale ? <small>?</small> : null}
      {mark.differs ? <small>*</small> : null}
    </div>
  );
}
