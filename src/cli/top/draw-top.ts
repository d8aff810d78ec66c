import { stripVTControlCharacters } from 'node:util';
import type { LiveEvent } from '#contract/live.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { type Row, renderTable } from '../terminal/render-table.ts';
import { shortTime } from '../terminal/time-ago.ts';
import { textWidth, wrapText } from '../terminal/wrap-text.ts';
import type { FollowedGateway } from './follow-gateway.ts';

export interface TopOptions {
  readonly width: number;
  readonly paint: Paint;
  readonly now: number;
}

const SLOW_MAX = 5;
const right = (heading: string) => ({ heading, align: 'right' as const });

/** What gateways do at this moment. Percentiles of several gateways are not one number: each has its own line. */
export function drawTop(gateways: readonly FollowedGateway[], options: TopOptions): readonly string[] {
  const { width, paint, now } = options;
  const heard = gateways.flatMap(({ last }) => (last === undefined ? [] : [last]));
  const whose = heard.some(({ sees }) => sees === 'everything') ? 'all tenants' : 'your tenant';
  return [
    `${paint('strong', 'spillway top')}  ${shortTime(new Date(now).toISOString())}  ${paint('dim', `requests of ${whose}; one process of each gateway`)}`,
    '',
    ...gatewayLines(gateways, options),
    '',
    ...renderTable({
      columns: [
        { heading: 'MODEL', widthMin: 10 },
        { heading: 'GATEWAY', widthMin: 10 },
        ...['REQ', 'FIRST P50', 'P95', 'WHOLE P50', 'P95'].map(right),
      ],
      rows: heard.flatMap(modelRows),
      width,
      paint,
    }),
    '',
    ...slowLines(heard, options),
  ];
}

type Heading = (typeof wideHeadings)[number];
const wideHeadings = [
  ...(['REQ/S', 'DEDICATED', 'SERVERLESS', 'BASELINE', 'NONE', 'SPILLED', 'FAILOVERS', 'ERRORS'] as const),
  ...(['WAITING', 'SLOTS', 'TOKENS/S', 'USD/H'] as const),
];
/** What somebody woken at night asks first stands in the upper one. */
const narrowHeadings: readonly (readonly Heading[])[] = [
  ['REQ/S', 'ERRORS', 'SPILLED', 'FAILOVERS', 'TOKENS/S', 'USD/H'],
  ['DEDICATED', 'SERVERLESS', 'BASELINE', 'NONE', 'WAITING', 'SLOTS'],
];

/** One table where it fits; two below each other where a narrow terminal would cut columns off. */
function gatewayLines(gateways: readonly FollowedGateway[], options: TopOptions): readonly string[] {
  const { width, paint } = options;
  const tableOf = (headings: readonly Heading[], isFirst = true) =>
    renderTable({
      columns: [{ heading: 'GATEWAY', widthMin: 12 }, ...headings.map(right)],
      rows: gateways.map((gateway) => gatewayRow(gateway, headings, isFirst)),
      width,
      paint,
    });
  const fits = (lines: readonly string[]) =>
    lines.every((line) => textWidth(stripVTControlCharacters(line)) <= width);
  const wide = tableOf(wideHeadings);
  const [upper, lower] = narrowHeadings;
  if (fits(wide) || upper === undefined || lower === undefined) return wide;
  return [...tableOf(upper), '', ...tableOf(lower, false)];
}

function gatewayRow(
  { url, last, trouble }: FollowedGateway,
  headings: readonly Heading[],
  showsTrouble: boolean,
): Row {
  const told = trouble === undefined ? undefined : { text: trouble.message, ink: 'bad' as const };
  const below = showsTrouble ? told : undefined;
  if (last === undefined)
    return {
      cells: [url],
      below: below ?? (showsTrouble ? { text: 'waiting for the first second', ink: 'dim' } : undefined),
    };
  const cells = gatewayCells(last);
  return { cells: [last.gateway, ...headings.map((heading) => cells[heading])], below };
}

function gatewayCells(last: LiveEvent): Readonly<Record<Heading, Row['cells'][number]>> {
  const perSecond = (count: number): string =>
    String(Math.round((count * 1000) / Math.max(1, last.coversMs)));
  const cell = (count: number, ink: Ink) => ({ text: perSecond(count), ink: count > 0 ? ink : undefined });
  const { tiers, lanes } = last;
  const inLanes = (what: 'waiting' | 'slots') =>
    lanes.interactive[what] + lanes.standard[what] + lanes.bulk[what];
  return {
    'REQ/S': perSecond(last.requests),
    DEDICATED: perSecond(tiers.dedicated),
    SERVERLESS: perSecond(tiers.serverless),
    BASELINE: perSecond(tiers.baseline),
    NONE: perSecond(tiers.none),
    SPILLED: cell(last.spilled, 'warn'),
    FAILOVERS: cell(last.failovers, 'warn'),
    ERRORS: cell(errorsIn(last), 'bad'),
    WAITING: String(inLanes('waiting')),
    SLOTS: String(inLanes('slots')),
    'TOKENS/S': perSecond(last.inputTokens + last.outputTokens),
    'USD/H': last.costUsdPerHour.toFixed(2),
  };
}

/** Requests that ended without what their caller waited for. */
function errorsIn({ outcomes }: LiveEvent): number {
  const good = new Set(['answered', 'resumed', 'cancelled']);
  return Object.entries(outcomes).reduce(
    (sum, [outcome, count]) => (good.has(outcome) ? sum : sum + count),
    0,
  );
}

const modelRows = ({ gateway, models }: LiveEvent): readonly Row[] =>
  models.map(({ model, requests, firstContentMs, totalMs }) => ({
    cells: [
      model,
      gateway,
      String(requests),
      timeOf(firstContentMs?.p50),
      timeOf(firstContentMs?.p95),
      timeOf(totalMs?.p50),
      timeOf(totalMs?.p95),
    ],
  }));

function slowLines(heard: readonly LiveEvent[], { paint, width }: TopOptions): readonly string[] {
  const slow = heard.flatMap((event) => event.slow).sort((left, rightOne) => rightOne.totalMs - left.totalMs);
  if (slow.length === 0)
    return [paint('dim', 'No request of the last second was slower than the p95 of its model.')];
  return [
    paint('dim', 'SLOW'),
    ...slow.slice(0, SLOW_MAX).flatMap(({ requestId, model, outcome, totalMs, attempts }) => {
      const way = attempts.map(
        ({ target, outcome: end, durationMs }) => `${target} ${end} ${timeOf(durationMs)}`,
      );
      const what = `${requestId}  ${model}  ${timeOf(totalMs)}  ${outcome}`;
      const whole = `${what}  ${way.join(' → ')}`;
      if (textWidth(whole) <= width) return [whole];
      const indented = wrapText(way.join(' → '), Math.max(1, width - 2)).map((line) => `  ${line}`);
      return [...wrapText(what, width), ...indented];
    }),
  ];
}

function timeOf(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '–';
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
