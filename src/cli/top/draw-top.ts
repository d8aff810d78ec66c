import type { LiveEvent } from '#contract/live.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { type Row, renderTable } from '../terminal/render-table.ts';
import { shortTime } from '../terminal/time-ago.ts';
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
    ...renderTable({
      columns: [
        { heading: 'GATEWAY', widthMin: 12 },
        ...['REQ/S', 'DEDICATED', 'SERVERLESS', 'BASELINE', 'NONE', 'SPILLED', 'FAILOVERS', 'ERRORS'].map(
          right,
        ),
        ...['WAITING', 'SLOTS', 'TOKENS/S', 'USD/H'].map(right),
      ],
      rows: gateways.map(gatewayRow),
      width,
      paint,
    }),
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

function gatewayRow({ url, last, trouble }: FollowedGateway): Row {
  const below = trouble === undefined ? undefined : { text: trouble.message, ink: 'bad' as const };
  if (last === undefined)
    return { cells: [url], below: below ?? { text: 'waiting for the first second', ink: 'dim' } };
  const perSecond = (count: number): string =>
    String(Math.round((count * 1000) / Math.max(1, last.coversMs)));
  const cell = (count: number, ink: Ink) => ({ text: perSecond(count), ink: count > 0 ? ink : undefined });
  const { tiers, lanes } = last;
  const inLanes = (what: 'waiting' | 'slots') =>
    lanes.interactive[what] + lanes.standard[what] + lanes.bulk[what];
  return {
    cells: [
      last.gateway,
      perSecond(last.requests),
      ...[tiers.dedicated, tiers.serverless, tiers.baseline, tiers.none].map(perSecond),
      cell(last.spilled, 'warn'),
      cell(last.failovers, 'warn'),
      cell(errorsIn(last), 'bad'),
      String(inLanes('waiting')),
      String(inLanes('slots')),
      perSecond(last.inputTokens + last.outputTokens),
      last.costUsdPerHour.toFixed(2),
    ],
    below,
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
    ...slow.slice(0, SLOW_MAX).map(({ requestId, model, outcome, totalMs, attempts }) => {
      const way = attempts.map(
        ({ target, outcome: end, durationMs }) => `${target} ${end} ${timeOf(durationMs)}`,
      );
      return `${requestId}  ${model}  ${timeOf(totalMs)}  ${outcome}  ${way.join(' → ')}`.slice(0, width);
    }),
  ];
}

function timeOf(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '–';
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
