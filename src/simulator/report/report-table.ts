import { escapeMarkup } from './escape-markup.ts';
import { formatInterval, formatValue } from './format-value.ts';
import type { ReportCell } from './report.ts';

/** A table whose first column heads its rows. On a narrow screen it moves by itself, by keys as well. */
export function drawReportTable(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly ReportCell[])[],
): string {
  const isWords = columns.map((_, column) => !isNumbers(rows.map((row) => row[column] ?? '')));
  const mark = (column: number): string => (isWords[column] === true && column > 0 ? ' class="words"' : '');
  const head = columns.map((column, index) => `<th scope="col"${mark(index)}>${escapeMarkup(column)}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0 ? `<th scope="row">${cellMarkup(cell)}</th>` : `<td${mark(index)}>${cellMarkup(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(title)}"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function cellMarkup(cell: ReportCell): string {
  if (typeof cell === 'string') return escapeMarkup(cell);
  const interval = formatInterval(cell);
  const value = escapeMarkup(formatValue(cell.value, cell.unit));
  return interval === undefined ? value : `${value}<span class="interval">${escapeMarkup(interval)}</span>`;
}

/** Longer ones are sentences with a number in them. */
const NUMBER_CHARACTERS_MAX = 14;

/** Whether the cells of a column are numbers, to stand under each other by their last digit. */
export function isNumbers(cells: readonly ReportCell[]): boolean {
  const texts = cells.filter((cell) => typeof cell === 'string');
  if (texts.length < cells.length) return true;
  return (
    texts.some((text) => /\d/.test(text)) && texts.every(({ length }) => length <= NUMBER_CHARACTERS_MAX)
  );
}
