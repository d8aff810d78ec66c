import type { PlanPoint } from '#core/capacity-plan/evaluate-copies.ts';
import { dollars, percent, quantity } from './figures.ts';
import type { MadePlan } from './make-plan.ts';
import { whatBecomes } from './spill-words.ts';

const WIDTH = 760;
const HEIGHT = 440;
const PLOT = { left: 84, right: WIDTH - 70, top: 84, bottom: HEIGHT - 72 } as const;
const TICKS = 4;

/** Fonts of the reader’s own; colours that can be told apart by brightness, for light and for dark. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2933; }
  .title { font-size: 17px; font-weight: 600; }
  .dim { fill: #52606d; }
  .paper { fill: #ffffff; }
  .grid { stroke: #d5dbe1; stroke-width: 1; }
  .copies { fill: #1f6fb2; }
  .spilled { fill: #f0a63a; }
  .share { fill: none; stroke: #a61b4d; stroke-width: 2.5; }
  .dot { fill: #a61b4d; }
  .best { fill: none; stroke: #1f2933; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e7eb; }
    .dim { fill: #a3b1bf; }
    .paper { fill: #14181d; }
    .grid { stroke: #38424d; }
    .copies { fill: #5aa9e6; }
    .spilled { fill: #f6c667; }
    .share { stroke: #ff7ba8; }
    .dot { fill: #ff7ba8; }
    .best { stroke: #e4e7eb; }
  }`;

/** The curve of the chosen kind as a picture that stands alone; of the first kind where none was chosen. */
export function drawPlanSvg(made: MadePlan): string {
  const { plan, model, residency } = made;
  const gone = whatBecomes(made);
  const drawn = plan.chosen?.plan ?? plan.kinds[0];
  const curve = drawn?.curve ?? [];
  const hosting = drawn?.kind.hosting;
  const instance = hosting?.instanceType ?? '';
  const best = plan.chosen?.point;
  const most = niceAbove(Math.max(1, ...curve.map(({ microUsdPerMonth }) => microUsdPerMonth)) / 1_000_000);
  const title = `Cost of ${model} by copies on ${instance}`;
  const told =
    best === undefined
      ? 'No number of copies keeps the promise'
      : `Chosen: ${best.copies} copies, USD ${dollars(best.microUsdPerMonth)} a month, ${percent(best.spillShare)} ${gone} (${residency})`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title told">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="told">${escaped(told)}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    text({ x: 20, y: 30, className: 'title' }, title),
    text({ x: 20, y: 52, className: 'dim' }, told),
    ...axes(most),
    ...curve.flatMap((point) => column(point, { curve, most, isBest: point.copies === best?.copies })),
    ...shareLine(curve),
    ...legend(
      `${instance}, ${hosting?.gpusPerCopy ?? 0} GPU${hosting?.gpusPerCopy === 1 ? '' : 's'} each`,
      gone,
    ),
    '</svg>',
    '',
  ].join('\n');
}

function axes(most: number): readonly string[] {
  return Array.from({ length: TICKS + 1 }, (_, index) => index / TICKS).flatMap((share) => {
    const y = heightAt(share);
    return [
      `<line class="grid" x1="${PLOT.left}" y1="${y}" x2="${PLOT.right}" y2="${y}"/>`,
      text({ x: PLOT.left - 8, y: y + 4, anchor: 'end' }, quantity(most * share)),
      text({ x: PLOT.right + 8, y: y + 4 }, `${Math.round(share * 100)} %`),
    ];
  });
}

function column(
  point: PlanPoint,
  {
    curve,
    most,
    isBest,
  }: { readonly curve: readonly PlanPoint[]; readonly most: number; readonly isBest: boolean },
): readonly string[] {
  const step = stepOf(curve);
  const width = Math.max(1, step * 0.62);
  const x = centre(curve, point.copies) - width / 2;
  const shareOf = (microUsd: number): number => microUsd / 1_000_000 / most;
  const middle = heightAt(shareOf(point.copiesMicroUsdPerMonth));
  const top = heightAt(shareOf(point.microUsdPerMonth));
  const bar = (className: string, from: number, to: number): string =>
    `<rect class="${className}" x="${round(x)}" y="${round(from)}" width="${round(width)}" height="${round(Math.max(0, to - from))}"/>`;
  const every = Math.ceil(curve.length / 20);
  return [
    bar('copies', middle, PLOT.bottom),
    bar('spilled', top, middle),
    ...(isBest ? [bar('best', top, PLOT.bottom)] : []),
    ...(point.copies % every === 0 || isBest
      ? [
          text(
            { x: round(centre(curve, point.copies)), y: PLOT.bottom + 18, anchor: 'middle' },
            String(point.copies),
          ),
        ]
      : []),
  ];
}

function shareLine(curve: readonly PlanPoint[]): readonly string[] {
  const points = curve.map(
    ({ copies, spillShare }) => [round(centre(curve, copies)), round(heightAt(spillShare))] as const,
  );
  return [
    `<polyline class="share" points="${points.map(([x, y]) => `${x},${y}`).join(' ')}"/>`,
    ...points.map(([x, y]) => `<circle class="dot" cx="${x}" cy="${y}" r="3"/>`),
  ];
}

function legend(place: string, gone: 'refused' | 'spilled'): readonly string[] {
  const y = HEIGHT - 14;
  return [
    text({ x: PLOT.left, y: PLOT.top - 14, className: 'dim', anchor: 'end' }, 'USD/month'),
    text({ x: PLOT.right, y: PLOT.top - 14, className: 'dim' }, gone),
    text(
      { x: (PLOT.left + PLOT.right) / 2, y: PLOT.bottom + 36, className: 'dim', anchor: 'middle' },
      `copies on ${place}`,
    ),
    `<rect class="copies" x="${PLOT.left}" y="${y - 11}" width="12" height="12"/>`,
    text({ x: PLOT.left + 18, y }, 'copies, USD a month'),
    ...(gone === 'refused'
      ? [text({ x: PLOT.left + 176, y, className: 'dim' }, 'refused calls cost nothing')]
      : [
          `<rect class="spilled" x="${PLOT.left + 176}" y="${y - 11}" width="12" height="12"/>`,
          text({ x: PLOT.left + 194, y }, 'spilled calls, USD a month'),
        ]),
    `<line class="share" x1="${PLOT.left + 388}" y1="${y - 5}" x2="${PLOT.left + 410}" y2="${y - 5}"/>`,
    text({ x: PLOT.left + 416, y }, `share of calls ${gone}, %`),
  ];
}

function text(
  at: {
    readonly x: number;
    readonly y: number;
    readonly className?: string;
    readonly anchor?: 'middle' | 'end';
  },
  words: string,
): string {
  const className = at.className === undefined ? '' : ` class="${at.className}"`;
  const anchor = at.anchor === undefined ? '' : ` text-anchor="${at.anchor}"`;
  return `<text x="${at.x}" y="${at.y}"${className}${anchor}>${escaped(words)}</text>`;
}

const heightAt = (share: number): number => PLOT.bottom - (PLOT.bottom - PLOT.top) * share;
const stepOf = (curve: readonly PlanPoint[]): number => (PLOT.right - PLOT.left) / Math.max(1, curve.length);
const centre = (curve: readonly PlanPoint[], copies: number): number =>
  PLOT.left + stepOf(curve) * (copies + 0.5);
const round = (value: number): number => Math.round(value * 10) / 10;

/** Whose quarters read well. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return (
    [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].map((factor) => factor * power).find((nice) => nice >= value) ??
    value
  );
}

function escaped(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
