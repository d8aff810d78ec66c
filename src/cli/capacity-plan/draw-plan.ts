import { meanCall } from '#core/capacity-plan/copy-limits.ts';
import { HOURS_PER_MONTH, type PlanPoint } from '#core/capacity-plan/evaluate-copies.ts';
import type { KindPlan } from '#core/capacity-plan/plan-capacity.ts';
import { totalOf } from '#core/capacity-plan/traffic.ts';
import type { Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { drawCurve } from './draw-curve.ts';
import { drawVerdict } from './draw-verdict.ts';
import { dollars, percent, quantity } from './figures.ts';
import type { MadePlan } from './make-plan.ts';
import { whatBecomes } from './spill-words.ts';

interface Canvas {
  readonly width: number;
  readonly paint: Paint;
}

/** A whole plan, for people. */
export function drawPlan(made: MadePlan, canvas: Canvas): readonly string[] {
  const { paint, width } = canvas;
  const isIdle = made.read.traffic.sample.length === 0;
  const chosen = isIdle ? undefined : made.plan.chosen;
  return [
    paint('strong', `${made.model} · ${made.residency} · copies in ${made.region}`),
    ...facts(made, canvas),
    '',
    ...drawVerdict(made, canvas),
    '',
    ...drawOptions(made, canvas),
    ...(chosen === undefined ? [] : ['', ...drawCurve(made, chosen, canvas)]),
    ...(chosen === undefined ? [] : ['', ...drawSensitivity(made, canvas)]),
    '',
    paint('strong', 'What this does not know'),
    ...[...made.left, ...made.notes, ...sources(made)].flatMap((note) =>
      wrapText(note, width - 4).map((line, index) => `${index === 0 ? '  · ' : '    '}${line}`),
    ),
  ];
}

function facts(made: MadePlan, { width, paint }: Canvas): readonly string[] {
  const { bins } = made.read.traffic;
  const total = totalOf(bins);
  const mean = total.seconds === 0 ? 0 : total.requests / total.seconds;
  const peak = Math.max(0, ...bins.map(({ requests, seconds }) => requests / seconds));
  const call = meanCall(bins);
  const { level, price } = made;
  const rows: readonly (readonly [string, string])[] = [
    [
      'Traffic',
      total.requests === 0
        ? `none (${made.read.from})`
        : `${quantity(mean)} calls a second, ${quantity(peak)} at most; ${quantity(call.inputTokens)} tokens in, ${quantity(call.outputTokens)} out (${made.read.from})`,
    ],
    [
      'Promise',
      `p95 of ${level.firstTokenMs} ms to the first token, ${level.tokenMs} ms to each later one (${level.source})`,
    ],
    ['Spill', spillText(made.spillTarget, price, made)],
  ];
  return rows.flatMap(([name, text]) =>
    wrapText(text, width - 9).map(
      (line, index) => `${paint('dim', (index === 0 ? name : '').padEnd(9))}${line}`,
    ),
  );
}

function spillText(target: string | undefined, price: MadePlan['price'], made: MadePlan): string {
  const most = `at most ${percent(made.spillShareMax)} of calls`;
  if (target === undefined || price === undefined)
    return `nothing serverless may answer inside ${made.residency}: ${most} may be refused`;
  const speed = {
    keeps: 'measured to keep the promise',
    misses: 'measured to miss the promise',
    unknown: 'whether it keeps the promise nobody measured',
    none: '',
  }[made.serverlessSpeed];
  return `${target}, USD ${tokenPrice(price.inputMicroUsdPerMillionTokens)} in and ${tokenPrice(price.outputMicroUsdPerMillionTokens)} out a million tokens; ${speed}; ${most}`;
}

const tokenPrice = (microUsd: number): string => String(microUsd / 1_000_000);

/** Each kind of copy: what one takes, what bounds it, and its best number. */
function drawOptions({ plan }: MadePlan, { width, paint }: Canvas): readonly string[] {
  return renderTable({
    columns: [
      { heading: 'a copy on', widthMin: 12 },
      { heading: 'USD/h', align: 'right' },
      { heading: 'calls', align: 'right' },
      { heading: 'KV tokens', align: 'right' },
      { heading: 'first', align: 'right' },
      { heading: 'later', align: 'right' },
      { heading: 'copies', align: 'right' },
      { heading: 'USD/month', align: 'right' },
    ],
    rows: plan.kinds.map((option) => {
      const { hosting, limits } = option.kind;
      const carries = limits.requests > 0;
      return {
        cells: [
          `${hosting.instanceType} /${hosting.gpusPerCopy}`,
          (hosting.microUsdPerHour / hosting.copiesPerInstance / 1_000_000).toFixed(2),
          String(limits.requests),
          quantity(limits.kvTokens),
          `${quantity(limits.firstTokenMs)} ms`,
          `${quantity(limits.tokenMs)} ms`,
          String(option.best?.copies ?? '–'),
          option.best === undefined ? '–' : dollars(option.best.microUsdPerMonth),
        ],
        below: {
          ink: carries ? 'dim' : 'bad',
          text: carries ? belowOf(option) : `cannot keep the promise: ${limits.bound}`,
        },
      };
    }),
    ...{ width, paint },
  });
}

function belowOf({ kind: { limits }, breakEvenShare }: KindPlan): string {
  const even = breakEvenShare === undefined ? '' : `; pays from ${percent(breakEvenShare)} busy`;
  return `${quantity(limits.kvTokensPerRequest)} KV a call; bound by ${limits.bound}${even}`;
}

function drawSensitivity(made: MadePlan, { width, paint }: Canvas): readonly string[] {
  const gone = whatBecomes(made);
  const fields = (point: PlanPoint | undefined): readonly string[] =>
    point === undefined
      ? ['–', '–', '–']
      : [String(point.copies), percent(point.spillShare), dollars(point.microUsdPerMonth)];
  const right = (heading: string) => ({ heading, align: 'right' as const });
  return renderTable({
    columns: [
      { heading: 'if traffic is' },
      ...['copies', gone, 'USD/month', 'best', gone, 'USD/month'].map(right),
    ],
    rows: made.plan.sensitivity.map(({ factor, kept, best }) => ({
      cells: [
        factor === 1 ? 'as it was' : `${factor > 1 ? '+' : '−'}${Math.round(Math.abs(factor - 1) * 100)} %`,
        ...fields(kept),
        ...fields(best),
      ],
    })),
    ...{ width, paint },
  });
}

function sources({ kinds, level }: MadePlan): readonly string[] {
  const speeds = [...new Set(kinds.map(({ speedSource }) => speedSource))];
  const ofLevel = level.source.includes('MLPerf')
    ? ['MLPerf’s limits are for p99, and taken for p95 here.']
    : [];
  return [
    ...ofLevel,
    `A month has ${HOURS_PER_MONTH} hours. A copy pays from that share of what it can answer on.`,
    ...speeds.map((source) => `Speed: ${source}.`),
  ];
}
