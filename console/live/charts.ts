/** Which lines stand in which chart, and what each is now. */
import type { Column, LiveHistory, Points } from './live-history.ts';
import { duration } from './timeline.ts';

export interface ChartLine {
  readonly name: string;
  readonly points: Points;
  /** The last one in words, with its unit. */
  readonly now: string;
}

export interface ChartContent {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly ChartLine[];
}

const SECONDS_SHOWN_MIN = 10;

/**
 * The seconds since 1970 that a chart spans: those that were seen, and ten at least. Left to itself the chart
 * spans a day around the first point, and says midnight three times.
 */
export function spanOf(times: ArrayLike<number>): [number, number] | [null, null] {
  const [first, last] = [times[0], times[times.length - 1]];
  if (first === undefined || last === undefined) return [null, null];
  return [Math.min(first, last - SECONDS_SHOWN_MIN), last];
}

export function chartsOf(history: LiveHistory): readonly ChartContent[] {
  const line = (name: string, column: Column, write: (value: number) => string): ChartLine =>
    lineOf(name, history.points(column), write);
  return [
    {
      title: 'Requests by tier',
      unit: 'requests per second',
      lines: [
        line('Dedicated', 'dedicated', perSecond),
        line('Serverless', 'serverless', perSecond),
        line('Baseline', 'baseline', perSecond),
        line('None asked', 'none', perSecond),
      ],
    },
    {
      title: 'Spills and failovers',
      unit: 'per second',
      lines: [line('Spilled', 'spilled', perSecond), line('Failed over', 'failovers', perSecond)],
    },
    {
      title: 'Time to the end, p95',
      unit: 'ms',
      lines: history.models.map(({ model, p95 }) => lineOf(model, p95, duration)),
    },
    {
      title: 'Calls waiting by lane',
      unit: 'calls',
      lines: [
        line('Interactive', 'interactive', String),
        line('Standard', 'standard', String),
        line('Bulk', 'bulk', String),
      ],
    },
    {
      title: 'Cost',
      unit: 'USD per hour',
      lines: [line('At this rate', 'costUsdPerHour', usd)],
    },
  ];
}

function lineOf(name: string, points: Points, write: (value: number) => string): ChartLine {
  const last = points.at(-1);
  return { name, points, now: last === null || last === undefined ? '–' : write(last) };
}

const perSecond = (value: number): string => `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)}/s`;

const usd = (value: number): string => `USD ${value < 1 ? value.toFixed(4) : value.toFixed(2)}`;
