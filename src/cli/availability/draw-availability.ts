import type { Availability } from '#contract/http.ts';
import { regionColumns } from '#contract/region-columns.ts';
import type { Paint } from '../terminal/paint.ts';
import { shortTime, timeAgo } from '../terminal/time-ago.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { buildMatrix, type ModelNames, modelNamesOf } from './build-matrix.ts';
import { unrecordedLines } from './draw-changes.ts';
import { drawGaps } from './draw-gaps.ts';
import { drawMatrix } from './draw-matrix.ts';
import { findGaps, type Place } from './find-gaps.ts';

export interface AvailabilityDrawing {
  /** Models whose gaps are told; undefined for those that the targets name. */
  readonly models: readonly ModelNames[] | undefined;
  /** Where anything was observed. */
  readonly places: readonly Place[];
  /** Some targets are left out by time, so that an absent one is no gap. */
  readonly filtered: boolean;
  readonly width: number;
  readonly paint: Paint;
  readonly now: number;
}

/** The whole page: how old, the matrix, the legend, the gaps. */
export function drawAvailability(shown: Availability, drawing: AvailabilityDrawing): readonly string[] {
  const { width, paint } = drawing;
  const head = headOf(shown, drawing);
  if (drawing.places.length === 0 && shown.at !== undefined) return head;
  if (drawing.places.length === 0)
    return wrapText(
      'Nothing was ever observed there: is it a region or account of the configuration, and has discovery run?',
      width,
    );
  if (shown.targets.length === 0) return [...head, 'Nothing was observed that fits what you asked for.'];
  const models = drawing.models ?? modelNamesOf(shown.targets);
  const sections = buildMatrix(shown.targets, models);
  const columns = regionColumns(drawing.places.map((place) => place.region));
  const gaps =
    drawing.filtered || models.length === 0
      ? []
      : drawGaps(findGaps(shown.targets, models, drawing.places), { width, paint });
  return [
    ...head,
    '',
    ...drawMatrix({ sections, columns, width, paint }),
    ...(gaps.length === 0 ? [] : ['', ...gaps]),
  ];
}

function headOf(
  { at, asOf, stale, unrecorded = [] }: Availability,
  { now, width, paint }: AvailabilityDrawing,
): readonly string[] {
  if (at !== undefined) {
    const doubts = unrecordedLines(unrecorded).flatMap((line) => wrapText(line, width));
    const age = `Availability at ${shortTime(at)} (${timeAgo(at, now)})`;
    return [paint('dim', age), ...doubts.map((line) => paint('warn', line))];
  }
  const age = `as of ${timeAgo(asOf, now)}`;
  return stale
    ? [paint('warn', `Availability ${age}: STALE, discovery does not report; the last known state is shown.`)]
    : [paint('dim', `Availability ${age}`)];
}
