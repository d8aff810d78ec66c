/** Whether a board stays inside what CloudWatch shows. */
import type { MetricShape } from '../metrics/registry.ts';
import { type Board, type MetricSearch, type Panel, panelsOf } from './board.ts';
import { type BoardSetting, type CloudWatchBoard, cloudWatchBoard } from './cloudwatch-board.ts';
import { metricOf } from './metric-expression.ts';

/** CloudWatch: widgets of a dashboard, searches of a graph, characters of a search, series that a search finds. */
const WIDGETS_MAX = 500;
const SEARCHES_MAX = 100;
const SEARCH_CHARACTERS_MAX = 1_024;
const SERIES_MAX = 500;
/** Ours, so that all boards together are far from the 1,000,000 bytes of a template. */
const BODY_BYTES_MAX = 100_000;

/** What CloudWatch would refuse, each with where it stands. */
export function checkBoard(board: Board, setting: BoardSetting): readonly string[] {
  const body = cloudWatchBoard(board, setting);
  const bytes = new TextEncoder().encode(JSON.stringify(body)).length;
  return [
    ...(body.widgets.length > WIDGETS_MAX
      ? [`board ${board.id}: ${body.widgets.length} widgets, CloudWatch shows ${WIDGETS_MAX}`]
      : []),
    ...(bytes > BODY_BYTES_MAX
      ? [`board ${board.id}: its body has ${bytes} bytes, the bound is ${BODY_BYTES_MAX}`]
      : []),
    ...widgetViolations(board, body),
  ];
}

function widgetViolations({ id }: Board, { widgets }: CloudWatchBoard): readonly string[] {
  return widgets.flatMap(({ properties }) => {
    if ('markdown' in properties) return [];
    const expressions = properties.metrics.map(([{ expression }]) => expression);
    const searches = expressions.filter((expression) => expression.startsWith('SEARCH('));
    const at = `board ${id}, panel ${properties.title}`;
    return [
      ...(searches.length > SEARCHES_MAX
        ? [`${at}: ${searches.length} searches, a graph has at most ${SEARCHES_MAX}`]
        : []),
      ...searches
        .filter(({ length }) => length > SEARCH_CHARACTERS_MAX)
        .map(({ length }) => `${at}: a search of ${length} characters, at most ${SEARCH_CHARACTERS_MAX}`),
    ];
  });
}

/**
 * Panels that would have more series than CloudWatch shows, which leaves out the others without a word.
 *
 * @param shape of what one region publishes, or home
 */
export function overfullPanels(board: Board, shape: MetricShape): readonly string[] {
  return panelsOf(board).flatMap((panel) => {
    const count = Math.max(
      ...panel.series.map((series) => (series.kind === 'search' ? seriesMax(series, shape) : 0)),
    );
    return count <= SERIES_MAX
      ? []
      : [`${nameOf(board, panel)}: up to ${count} series, of which CloudWatch shows ${SERIES_MAX}`];
  });
}

/** How much one value of a dimension leaves of a metric nobody counts: what a search narrows, whatever the reader chooses, is not judged. */
function seriesMax(search: MetricSearch, shape: MetricShape): number {
  const isNarrowed = Object.values(search.where ?? {}).some((value) => typeof value === 'string');
  return isNarrowed ? 0 : metricOf(search).countMax(shape);
}

const nameOf = ({ id }: Board, { title }: Panel): string => `board ${id}, panel ${title}`;
