import type { KindPlan } from '#core/capacity-plan/plan-capacity.ts';
import type { Paint } from '../terminal/paint.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { dollars, percent } from './figures.ts';
import type { MadePlan } from './make-plan.ts';
import { whatBecomes } from './spill-words.ts';

/** The answer in a sentence. */
export function drawVerdict(
  made: MadePlan,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const alone = made.plan.serverlessMicroUsdPerMonth;
  const beside = alone === undefined ? '' : ` Serverless alone: USD ${dollars(alone)} a month.`;
  const refusal = refusalOf(made);
  const text = refusal === undefined ? `✔ ${answerOf(made, beside)}` : `✗ ${refusal}${beside}`;
  return wrapText(text, width).map((line) => paint(refusal === undefined ? 'good' : 'bad', line));
}

function refusalOf({ plan, holds, serverlessSpeed, spillShareMax }: MadePlan): string | undefined {
  if (plan.chosen !== undefined && holds) return undefined;
  if (plan.chosen !== undefined && serverlessSpeed === 'misses')
    return `Serverless was measured to miss the promise, and ${percent(plan.chosen.point.spillShare)} of calls would go there.`;
  if (plan.kinds.some(({ kind }) => kind.limits.requests > 0))
    return serverlessSpeed === 'none'
      ? `With no number of copies are at most ${percent(spillShareMax)} of calls refused.`
      : `No number of copies leaves at most ${percent(spillShareMax)} of calls to others.`;
  if (serverlessSpeed === 'misses')
    return 'No copy keeps the promise, and serverless was measured to miss it.';
  return serverlessSpeed === 'unknown'
    ? 'No copy keeps the promise, and nobody measured whether serverless does.'
    : 'No copy keeps the promise.';
}

function answerOf(made: MadePlan, beside: string): string {
  const { plan, read } = made;
  if (read.traffic.sample.length === 0) return 'No copies: there is no traffic.';
  const { chosen } = plan;
  if (chosen?.point.copies === 0 && whatBecomes(made) === 'refused')
    return 'No copies: every call may be refused, and that costs nothing.';
  if (chosen === undefined || chosen.point.copies === 0) return `No copies: serverless is cheapest.${beside}`;
  const { copies, instances, microUsdPerMonth, spillShare } = chosen.point;
  const machines = `${instances} × ${chosen.plan.kind.hosting.instanceType}${gpusText(chosen.plan)}`;
  return `${copies} ${copies === 1 ? 'copy' : 'copies'} on ${machines}: USD ${dollars(microUsdPerMonth)} a month, ${percent(spillShare)} of calls ${whatBecomes(made)}.${beside}`;
}

/** Said where a copy has a part of its instance. */
function gpusText({ kind: { hosting } }: KindPlan): string {
  if (hosting.copiesPerInstance === 1) return '';
  return ` (${hosting.gpusPerCopy} GPU${hosting.gpusPerCopy === 1 ? '' : 's'} a copy)`;
}
