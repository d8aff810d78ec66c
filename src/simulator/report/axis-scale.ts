import type { Axis } from './report.ts';

/** An axis on the page. */
export interface AxisScale {
  /** Where a value stands, in pixels. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

const MINUTE = 60_000;
/** Steps of an axis of time: those that a clock has. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440].map((minutes) => minutes * MINUTE);

/**
 * Lays an axis over what it has to show.
 *
 * @param range the least and the most value
 * @param pixels where they stand
 * @param ticksMax about how many ticks there is room for
 */
export function axisScale(
  axis: Axis,
  range: readonly [number, number],
  { pixels, ticksMax }: { readonly pixels: readonly [number, number]; readonly ticksMax: number },
): AxisScale {
  const [from, to] = pixels;
  const logarithmic = axis.scale === 'log';
  const [low, high] = logarithmic ? logRange(range) : linearRange(axis, range, ticksMax);
  const place = logarithmic ? Math.log10 : (value: number): number => value;
  const span = place(high) - place(low);
  const at = (value: number): number => from + ((to - from) * (place(value) - place(low))) / span;
  return {
    at,
    ticks: logarithmic ? logTicks(low, high, ticksMax) : linearTicks(axis, [low, high], ticksMax),
  };
}

function logRange([low, high]: readonly [number, number]): readonly [number, number] {
  const least = low > 0 ? low : Math.max(1e-9, high / 1e6);
  return high > least * 1.01 ? [least, high] : [least / 2, least * 2];
}

/** From 0 on, and up to a tick: a line that leaves the picture says nothing. Time ends where the run ends. */
function linearRange(
  axis: Axis,
  [low, high]: readonly [number, number],
  ticksMax: number,
): readonly [number, number] {
  if (axis.unit === 'run-ms') return [low, high > low ? high : low + 1];
  const least = Math.min(0, low);
  const most = high > least ? high : least + 1;
  if (axis.unit === 'share' && most <= 1 && most > 0.75) return [least, 1];
  const step = stepOf(axis, most - least, ticksMax);
  return [Math.floor(least / step) * step, Math.ceil(most / step - 1e-9) * step];
}

function linearTicks(
  axis: Axis,
  [low, high]: readonly [number, number],
  ticksMax: number,
): readonly number[] {
  const step = stepOf(axis, high - low, ticksMax);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

function stepOf(axis: Axis, span: number, ticksMax: number): number {
  const least = span / ticksMax;
  const time = axis.unit === 'run-ms' ? TIME_STEPS.find((step) => step >= least) : undefined;
  if (time !== undefined && least >= MINUTE / 4) return time;
  const power = 10 ** Math.floor(Math.log10(least));
  const step =
    [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= least * (1 - 1e-9)) ?? least;
  // Half a request or a third of a copy is no tick.
  return axis.unit === 'count' ? Math.max(1, step) : step;
}

function logTicks(low: number, high: number, ticksMax: number): readonly number[] {
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
      for (const factor of factors) {
        const tick = factor * 10 ** power;
        if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
      }
    }
    if (ticks.length <= ticksMax || factors.length === 1) return ticks;
  }
  return [];
}
