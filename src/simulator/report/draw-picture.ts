import { type AxisScale, axisScale } from './axis-scale.ts';
import { escapeMarkup } from './escape-markup.ts';
import { formatValue } from './format-value.ts';
import type { Picture, Series } from './report.ts';

/** Pixels of a picture at the size at which its text is 12 pixels high. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The place of the plot inside of its picture. */
const LEFT = 58;
const RIGHT = 14;
const TOP = 14;
const BOTTOM = 42;
/** Points nearer than that to the one before are not drawn: nobody would see them. */
const NEAREST_PIXELS = 0.8;

type Points = Series['points'];

/** @param colourOf the number of a series' colour, 0 to 7 */
export function drawPicture(picture: Picture, size: PictureSize, colourOf: (name: string) => number): string {
  const layers =
    picture.kind === 'stack' ? stacked(picture.series) : picture.series.map(({ points }) => points);
  const { x, y } = scalesOf(picture, layers, size);
  const drawn = picture.series.map(({ name }, index) => {
    const points = shown(picture, layers[index] ?? []);
    const colour = colourOf(name);
    const shape =
      picture.kind === 'stack'
        ? area(points, layers[index - 1], { x, y, colour })
        : `<path class="line c${colour}" d="${path(points, { x, y, steps: picture.kind === 'steps' })}"/>`;
    return `<g><title>${escapeMarkup(name)}</title>${shape}</g>`;
  });
  const bounds = (picture.bounds ?? []).map(({ label, value }) => {
    const at = pixel(y.at(value));
    // Where there is room: a cumulative curve is low on its left.
    const [labelX, anchor] = picture.kind === 'steps' ? [LEFT + 6, 'start'] : [size.width - RIGHT - 4, 'end'];
    const text = `<text class="bound-label" x="${labelX}" y="${pixel(y.at(value) - 5)}" text-anchor="${anchor}">${escapeMarkup(label)}</text>`;
    return `<line class="bound" x1="${LEFT}" x2="${size.width - RIGHT}" y1="${at}" y2="${at}"/>${text}`;
  });
  return [
    `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeMarkup(described(picture))}">`,
    ...frame(picture, { x, y, size }),
    ...drawn,
    ...bounds,
    '</svg>',
  ].join('');
}

/** What those hear who do not see it. */
function described({ title, series, x, y }: Picture): string {
  return `${title}: ${y.label} over ${x.label}, for ${series.map(({ name }) => name).join(', ')}. The values stand in the table below.`;
}

/** A logarithmic axis has no place for 0. */
const shown = ({ x, y }: Picture, points: Points): Points =>
  points.filter(([left, up]) => (x.scale !== 'log' || left > 0) && (y.scale !== 'log' || up > 0));

function scalesOf(
  picture: Picture,
  layers: readonly Points[],
  { width, height }: PictureSize,
): { readonly x: AxisScale; readonly y: AxisScale } {
  const all = layers.flatMap((points) => shown(picture, points));
  const xs = all.map(([left]) => left);
  const ys = [...all.map(([, up]) => up), ...(picture.bounds ?? []).map(({ value }) => value)];
  return {
    x: axisScale(picture.x, rangeOf(xs), { pixels: [LEFT, width - RIGHT], ticksMax: width < 480 ? 4 : 8 }),
    y: axisScale(picture.y, rangeOf(ys), { pixels: [height - BOTTOM, TOP], ticksMax: 5 }),
  };
}

/** Not by spreading: a series may have more points than a call takes arguments. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

function stacked(series: readonly Series[]): readonly Points[] {
  let below: readonly number[] = [];
  return series.map(({ points }) => {
    const layer = points.map(([x, y], index) => [x, y + (below[index] ?? 0)] as const);
    below = layer.map(([, y]) => y);
    return layer;
  });
}

interface Scales {
  readonly x: AxisScale;
  readonly y: AxisScale;
}

function path(points: Points, { x, y, steps = false }: Scales & { readonly steps?: boolean }): string {
  let lastX = Number.NEGATIVE_INFINITY;
  let lastY = Number.NEGATIVE_INFINITY;
  let drawn = '';
  points.forEach(([left, up], index) => {
    const [atX, atY] = [x.at(left), y.at(up)];
    const isNear = Math.abs(atX - lastX) < NEAREST_PIXELS && Math.abs(atY - lastY) < NEAREST_PIXELS;
    if (isNear && index < points.length - 1) return;
    const across = steps && drawn !== '' ? `H${pixel(atX)}V${pixel(atY)}` : undefined;
    drawn += across ?? `${drawn === '' ? 'M' : 'L'}${pixel(atX)} ${pixel(atY)}`;
    [lastX, lastY] = [atX, atY];
  });
  return drawn;
}

function area(
  points: Points,
  below: Points | undefined,
  { x, y, colour }: Scales & { readonly colour: number },
): string {
  if (points.length === 0) return '';
  const floor = below ?? points.map(([left]) => [left, 0] as const);
  const back = path([...floor].reverse(), { x, y }).replace('M', 'L');
  return `<path class="area c${colour}" d="${path(points, { x, y })}${back}Z"/>`;
}

function frame(picture: Picture, { x, y, size }: Scales & { readonly size: PictureSize }): readonly string[] {
  const { width, height } = size;
  const floor = height - BOTTOM;
  return [
    ...y.ticks.flatMap((tick) => {
      const at = pixel(y.at(tick));
      const label = escapeMarkup(formatValue(tick, picture.y.unit));
      return [
        `<line class="grid" x1="${LEFT}" x2="${width - RIGHT}" y1="${at}" y2="${at}"/>`,
        `<text x="${LEFT - 7}" y="${pixel(y.at(tick) + 4)}" text-anchor="end">${label}</text>`,
      ];
    }),
    ...x.ticks.flatMap((tick) => {
      const at = pixel(x.at(tick));
      const label = escapeMarkup(formatValue(tick, picture.x.unit));
      return [
        `<line class="grid" x1="${at}" x2="${at}" y1="${TOP}" y2="${floor}"/>`,
        `<text x="${at}" y="${floor + 17}" text-anchor="middle">${label}</text>`,
      ];
    }),
    `<line class="base" x1="${LEFT}" x2="${width - RIGHT}" y1="${floor}" y2="${floor}"/>`,
    `<text class="label" x="${width - RIGHT}" y="${height - 6}" text-anchor="end">${escapeMarkup(picture.x.label)} →</text>`,
  ];
}

/** A tenth of a pixel is enough, and shorter. */
const pixel = (value: number): string => String(Math.round(value * 10) / 10);
