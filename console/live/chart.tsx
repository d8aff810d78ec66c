import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { type ChartContent, type ChartLine, spanOf } from './charts.ts';

export interface ChartProps extends ChartContent {
  readonly times: readonly number[];
  readonly version: number;
}

const HEIGHT_PX = 170;
/** Lines are told apart by these too, not by colour alone. */
const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [4, 8], [1, 5]];

/** Lines over the last five minutes; the legend says what each is now, for who does not see the picture. */
export function Chart({ title, unit, times, lines, version }: ChartProps) {
  const figure = useRef<HTMLElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  const names = lines.map(({ name }) => name).join('\n');
  // Other lines are another chart.
  useEffect(() => {
    const [within, around] = [place.current, figure.current];
    if (within === null || around === null) return;
    const made = new UPlot(optionsOf(around, lines, unit), dataOf(times, lines), within);
    plot.current = made;
    const sized = new ResizeObserver(() => made.setSize({ width: within.clientWidth, height: HEIGHT_PX }));
    sized.observe(within);
    return () => {
      sized.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [names, unit]);
  // The lines are the same arrays, with more in them.
  useEffect(() => plot.current?.setData(dataOf(times, lines)), [version, names]);
  return (
    <figure class="live-chart" ref={figure}>
      <figcaption>
        {title} <span class="dim">({unit})</span>
      </figcaption>
      <div class="live-plot" ref={place} aria-hidden="true" />
      <ul class="live-legend">
        {lines.map(({ name, now }, index) => (
          <li key={name}>
            <svg class={`live-tone live-tone-${index}`} viewBox="0 0 28 8" aria-hidden="true">
              <line x1="0" y1="4" x2="28" y2="4" stroke-dasharray={dashes[index]?.join(' ')} />
            </svg>
            {name} <strong>{now}</strong>
          </li>
        ))}
      </ul>
    </figure>
  );
}

const dataOf = (times: readonly number[], lines: readonly ChartLine[]): UPlot.AlignedData =>
  [times, ...lines.map(({ points }) => points)] as UPlot.AlignedData;

/** A canvas knows no variables of the page: colours are read from what the page shows, whenever a line is drawn. */
function colourOf(around: HTMLElement, selector: string): string {
  const shown = around.querySelector(selector) ?? around;
  return getComputedStyle(shown).color;
}

function optionsOf(around: HTMLElement, lines: readonly ChartLine[], unit: string): UPlot.Options {
  const axis = {
    stroke: () => colourOf(around, 'figcaption .dim'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => colourOf(around, '.live-plot'), width: 1 },
    ticks: { show: false },
  };
  const width = place(around);
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    // Times are in UTC wherever the reader is.
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    fmtDate: () => (date) => [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':'),
    scales: {
      x: { range: (plot) => spanOf(plot.data[0]) },
      y: { range: (_plot, _min, max) => [0, max === null || max <= 0 ? 1 : max * 1.1] },
    },
    axes: [
      { ...axis, space: 90, size: 28 },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map((tick) => shortNumber(tick, unit)) },
    ],
    series: [
      {},
      ...lines.map(({ name }, index) => ({
        label: name,
        stroke: () => colourOf(around, `.live-tone-${index}`),
        width: 2,
        dash: dashes[index] ?? [],
        points: { show: false },
        spanGaps: false,
      })),
    ],
  };
}

const place = (around: HTMLElement): number => Math.max(200, around.clientWidth - 26);

const twoDigits = (value: number): string => String(value).padStart(2, '0');

function shortNumber(value: number, unit: string): string {
  if (unit === 'ms' && value >= 1000) return `${value / 1000} s`;
  return value >= 10_000 ? `${value / 1000}k` : String(Math.round(value * 1000) / 1000);
}
