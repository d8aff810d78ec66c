import type { PlanPoint } from '#core/capacity-plan/evaluate-copies.ts';
import type { Paint } from '../terminal/paint.ts';
import { dollars, percent } from './figures.ts';
import type { MadePlan } from './make-plan.ts';
import { whatBecomes } from './spill-words.ts';

const ROWS_MAX = 16;

/** No copies, and the numbers around the best one. */
function curveAround(curve: readonly PlanPoint[], best: PlanPoint): readonly PlanPoint[] {
  if (curve.length <= ROWS_MAX) return curve;
  const half = Math.floor((ROWS_MAX - 1) / 2);
  const from = Math.min(Math.max(1, best.copies - half), curve.length - (ROWS_MAX - 1));
  return [...curve.slice(0, 1), ...curve.slice(from, from + ROWS_MAX - 1)];
}

/** Cost by copies as bars, of copies and of what spills, with the share that does. Calls that are refused cost nothing. */
export function drawCurve(
  made: MadePlan,
  { plan: { kind, curve }, point: best }: NonNullable<MadePlan['plan']['chosen']>,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const shown = curveAround(curve, best);
  const most = Math.max(1, ...shown.map(({ microUsdPerMonth }) => microUsdPerMonth));
  const amounts = shown.map(({ microUsdPerMonth }) => dollars(microUsdPerMonth));
  const amountWidth = Math.max(9, ...amounts.map((amount) => amount.length));
  const room = Math.max(8, Math.min(60, width - amountWidth - 32));
  const gone = whatBecomes(made);
  const bars = gone === 'refused' ? ' (refused calls cost nothing)' : ': █ copies, ░ spilled calls';
  const title = `Cost by copies on ${kind.hosting.instanceType}, ${kind.hosting.gpusPerCopy} GPU${kind.hosting.gpusPerCopy === 1 ? '' : 's'} each${bars}`;
  const heading = `copies  ${''.padEnd(room)}  ${'USD/month'.padStart(amountWidth)}   ${gone}`;
  const leftOut = paint('dim', '…'.padStart(6));
  return [
    paint('strong', title),
    paint('dim', heading),
    ...shown.flatMap((point, index) => {
      const { solid, light } = barWidths(point, most, room);
      const bar = `${paint('accent', '█'.repeat(solid))}${paint('warn', '░'.repeat(light))}${' '.repeat(room - solid - light)}`;
      const figures = `${(amounts[index] ?? '').padStart(amountWidth)}  ${percent(point.spillShare).padStart(8)}`;
      const mark = point.copies === best.copies ? `  ${paint('good', '◄ chosen')}` : '';
      const row = `${String(point.copies).padStart(6)}  ${bar}  ${figures}${mark}`;
      const isNext = index === 0 || point.copies === (shown[index - 1]?.copies ?? 0) + 1;
      return isNext ? [row] : [leftOut, row];
    }),
    ...(shown.at(-1) === curve.at(-1) ? [] : [leftOut]),
  ];
}

/** Columns of both bars; together they are what the whole amount rounds to. */
function barWidths(
  { copiesMicroUsdPerMonth, microUsdPerMonth }: PlanPoint,
  most: number,
  room: number,
): { readonly solid: number; readonly light: number } {
  const whole = Math.round((microUsdPerMonth / most) * room);
  const solid = Math.min(whole, Math.round((copiesMicroUsdPerMonth / most) * room));
  return { solid, light: whole - solid };
}
