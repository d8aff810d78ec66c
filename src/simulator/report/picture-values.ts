import { formatValue } from './format-value.ts';
import type { Picture, Series } from './report.ts';

/** What a picture shows, in words and numbers. */
export interface PictureValues {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const SHARES = [0.5, 0.9, 0.95, 0.99, 0.999];
const ROWS_MAX = 25;

/** Quantiles of cumulative curves; of all else the values at up to 25 places, evenly chosen. */
export function pictureValues(picture: Picture): PictureValues {
  const { series, x, y } = picture;
  if (picture.kind === 'steps') {
    const columns = ['', ...SHARES.map((share) => `P${share * 100}`)];
    const rows = series.map((each) => [
      each.name,
      ...SHARES.map((share) => formatValue(valueAt(each, share), x.unit)),
    ]);
    return { columns, rows };
  }
  const places = series[0]?.points.map(([left]) => left) ?? [];
  const stride = Math.max(1, Math.ceil(places.length / ROWS_MAX));
  const rows = places.flatMap((left, index) =>
    index % stride === 0
      ? [
          [
            formatValue(left, x.unit),
            ...series.map(({ points }) => formatValue(points[index]?.[1] ?? Number.NaN, y.unit)),
          ],
        ]
      : [],
  );
  return { columns: [x.label, ...series.map(({ name }) => name)], rows };
}

const valueAt = ({ points }: Series, share: number): number =>
  points.find(([, reached]) => reached >= share - 1e-12)?.[0] ?? Number.NaN;
